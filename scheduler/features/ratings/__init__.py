"""Ratings: what a patient answers to an instrument before and after an infusion."""
