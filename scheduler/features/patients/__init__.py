"""Patients: who they are, when they can come, and how they are found."""
