"""Courses: propose six dates, change one, book them all or none."""
