"""Tests of the slice of this name."""
