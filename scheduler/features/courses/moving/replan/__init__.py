"""Dates for the numbers of a course that have no visit: one was missed or cancelled, or the course was held,
or entered half way."""
