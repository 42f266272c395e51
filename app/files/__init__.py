"""Bytes to values and findings, and back; never a database."""
