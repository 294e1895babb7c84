"""The eight weeks after a course: who is in them, and which of the weekly ratings were given."""
