"""The audit trail as an administrator reads it: record numbers, no names of patients, and no contents."""
