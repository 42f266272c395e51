"""The window: shows values, asks services, decides nothing."""
