"""Tests of the patient's own page."""
