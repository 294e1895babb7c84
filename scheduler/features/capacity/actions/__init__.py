"""Changing what the clinic can offer; one file for each kind of row."""
