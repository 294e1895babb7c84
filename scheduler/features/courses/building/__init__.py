"""The build page: one search, ranked sets of dates, one booking."""
