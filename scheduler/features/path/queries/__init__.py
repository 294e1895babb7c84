"""Reading the requests, in an explicit order."""
