"""What the course log, its queue and its verification read."""
