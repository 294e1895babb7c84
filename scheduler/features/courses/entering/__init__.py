"""Courses that began before the clinic used Sixfold: typed in from paper or from another system."""
