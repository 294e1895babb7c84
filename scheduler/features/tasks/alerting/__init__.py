"""Raising, bringing up to date and ending clinical alerts."""
