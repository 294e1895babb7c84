"""Secret calendar addresses: whose they are, what they show, and how they are answered."""
