"""Reading what is kept of people, what is due to go, and what became of it."""
