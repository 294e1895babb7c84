"""Staff: who may sign in, what they may do, and the log-ins they have open."""
