"""Item models: tables of values for Qt views, with declared columns; they look up, and decide nothing."""
