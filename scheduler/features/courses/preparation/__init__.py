"""What a patient has to have ready for a visit: the clinic's list, and what is ticked on it."""
