"""The board: a day or a week of one site by chair, for everybody at the desk at once."""
