"""Beginning a screening, saving it, signing it, and what may be said afterwards."""
