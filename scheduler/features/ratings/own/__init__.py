"""Instruments that a clinic writes itself: drafts, versions that never change, and their look-up."""
