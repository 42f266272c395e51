"""The use cases: one public method is one intention of a user, one transaction, one audit entry. Values in, values out."""
