"""One folder for each thing that people do. Slices read below themselves and never each other's views."""
