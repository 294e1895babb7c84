"""The names of the symbols and pictures from which forms are made; they are drawn in
templates/ratings/cognition/_symbols.svg and _pictures.svg. Practice has pictures of its own, so that it
teaches nothing of a form."""

SYMBOLS = tuple(f"s{number}" for number in range(1, 25))
PICTURES = (
    "house", "tree", "boat", "key", "cup", "fish", "leaf", "star",
    "moon", "sun", "umbrella", "bell", "ladder", "chair", "lamp", "apple",
    "mushroom", "mountain", "hat", "letter", "bottle", "book", "clock", "candle",
    "kite", "bridge", "flower", "cloud", "drum", "anchor", "glasses", "scissors",
)  # fmt: skip
