"""What is set in the clinic, to read: sites, closures, shifts, protocols, reminders, staff."""
