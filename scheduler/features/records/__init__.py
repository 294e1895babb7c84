"""One person's whole record: given out, kept as long as it has to be, held back, and deleted."""
