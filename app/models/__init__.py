"""The tables of the year file: typed columns, keys and checks; no behaviour."""
