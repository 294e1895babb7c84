"""Bringing patients in from a file: read it, say what its columns are, check every row, add, take back."""
