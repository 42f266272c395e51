"""Packages between isolated PCs: task packages out, return packages and results back; scan → plan → apply."""
