"""Ask for a backup, take one that is due, record what became of it."""
