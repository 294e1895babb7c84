"""How one course goes, as one drawing: ratings, doses, events and medicines on one line of time.

Each instrument is a drawing within the drawing and never shares a line with another one: totals that ask
about different stretches of time are different measurements (CLINICAL.md, section 3). What is felt "now" is
joined within the pair of one infusion and with nothing else. Colours and sizes are presentation attributes,
which paper and PDF understand and a strict content policy allows; the page's classes on top give screen and
dark mode theirs. What a reader sees as a picture, `describe` says in words, and a table beside it in full.
"""

from scheduler.rendering.trajectory.beside import beside_svgs
from scheduler.rendering.trajectory.draw import trajectory_svg
from scheduler.rendering.trajectory.facts import (
    Band,
    Event,
    Line,
    Medicine,
    Pair,
    Past,
    PastPoint,
    Point,
    Track,
    TrajectoryFacts,
    Visit,
    without_past,
)
from scheduler.rendering.trajectory.kept import kept_svg
from scheduler.rendering.trajectory.paper import NARROW, WIDE
from scheduler.rendering.trajectory.said import describe, short_day

__all__ = [
    "NARROW",
    "WIDE",
    "Band",
    "Event",
    "Line",
    "Medicine",
    "Pair",
    "Past",
    "PastPoint",
    "Point",
    "Track",
    "TrajectoryFacts",
    "Visit",
    "beside_svgs",
    "describe",
    "kept_svg",
    "short_day",
    "trajectory_svg",
    "without_past",
]
