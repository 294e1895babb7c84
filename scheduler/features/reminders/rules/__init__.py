"""When patients are reminded, and in which words: what the clinic sets itself."""
