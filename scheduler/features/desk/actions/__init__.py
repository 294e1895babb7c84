"""The little that the pages of the desk write themselves."""
