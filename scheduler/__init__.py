"""Sixfold: schedules and tracks infusion courses."""
