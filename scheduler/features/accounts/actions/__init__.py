"""Changes to staff and their log-ins."""
