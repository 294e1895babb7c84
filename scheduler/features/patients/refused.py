"""What a field says when it can't take what was typed."""


class Refused(ValueError):
    """`sentence` says what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
