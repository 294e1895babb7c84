"""The API as programs see it."""
