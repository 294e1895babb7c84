"""The two sizes of the drawing: for a desk and paper, and for a phone."""

from dataclasses import dataclass

WIDE, NARROW = 900, 358


@dataclass(frozen=True)
class Paper:
    """Lengths in the drawing's own units. `left` and `right` bound the plots, `half` parts a pair."""

    width: int
    left: int
    right: int
    font: int
    tall: int
    low: int
    half: float

    @property
    def is_wide(self) -> bool:
        """Whether there is room for words at both sides of the plots."""
        return self.width == WIDE

    @property
    def size(self) -> str:
        """What the style sheet calls it."""
        return "l" if self.is_wide else "s"


PAPERS = {
    WIDE: Paper(WIDE, left=148, right=752, font=12, tall=150, low=84, half=7),
    NARROW: Paper(NARROW, left=40, right=346, font=11, tall=150, low=92, half=5),
}
