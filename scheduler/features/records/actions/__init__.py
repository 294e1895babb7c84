"""What is done with records: held back, deleted, and the rules by which they are kept."""
