"""Writing the waiting list."""
