"""Reading screenings."""
