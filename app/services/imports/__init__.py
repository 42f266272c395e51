"""Score sheets coming back: scan reads and decides nothing, plan is pure, apply is one transaction."""
