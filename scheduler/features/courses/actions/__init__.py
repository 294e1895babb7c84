"""What changes a course."""
