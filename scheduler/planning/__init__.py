"""The planner: files or dataclasses in, a plan out; no web, no database, no clock."""
