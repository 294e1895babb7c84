"""The audit trail: written with the change it speaks of, or beside the read."""
