"""The lock of a log-in that nobody uses for a while, the PIN that opens it, and the form it must not cost."""
