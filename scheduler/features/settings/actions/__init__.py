"""Changes of settings with what they set off."""
