"""The forms of the course log: request to dataclass."""
