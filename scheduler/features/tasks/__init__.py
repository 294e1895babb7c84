"""What waits for somebody on the staff: raised by the change that caused it, settled by a person."""
