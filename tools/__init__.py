"""What `make` runs: the environment, the checks."""
