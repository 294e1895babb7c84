"""What the clinic can offer: sites and their hours, chairs, closures, staff on duty, protocols."""
