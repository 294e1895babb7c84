"""What the patient's own pages read, each by the one patient of the browser."""
