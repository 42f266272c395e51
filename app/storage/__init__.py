"""The year file: opened, transacted, undone, backed up and checked here. Rows stay inside; values go in and out."""
