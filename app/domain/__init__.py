"""The vocabulary of the house: frozen values, enums, findings and errors. No work, no files, no clock."""
