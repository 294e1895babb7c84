"""The way of a person from asking to a course: the queue of those who wait, and one person on one page."""
