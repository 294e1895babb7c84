"""Counts over many visits and courses: no names, no clinical data."""
