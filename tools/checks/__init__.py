"""One rule of the house a file: each takes the top of the checkout and gives the lines that break it."""
