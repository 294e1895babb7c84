"""What patients answer: understood here, then acted on."""
