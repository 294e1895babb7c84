"""Tests of the arithmetic and the rules."""
