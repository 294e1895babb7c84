"""Writing what the desk does about a request: one verb a file."""
