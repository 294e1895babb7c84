"""Taking a request, deciding about the page, and erasing a person of whom nothing came."""
