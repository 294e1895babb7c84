"""Move visits of a course, or find dates for its open numbers, and see first what that does to the others."""
