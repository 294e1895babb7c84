"""The page of one visit and what is done on it, whichever way the patient came to it."""
