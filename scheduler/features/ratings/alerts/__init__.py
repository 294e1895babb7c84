"""Alerts that follow from ratings and from time: which there should be, and making it so."""
