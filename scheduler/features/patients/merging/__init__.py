"""Two records of one person become one: what differs, what moves, what stands in the way, and back."""
