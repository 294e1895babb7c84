"""The drawings that were asked for last, kept in the process: the same facts are the same drawing.

A chart is opened, signed, printed and opened again, and most of the time nothing in its drawing has changed.
A drawing is pure, so it is kept under its facts themselves, written out: their `repr` tells every value, the
type of a number and the zone of a time apart, also the hour that a clock goes through twice.
"""

from collections import OrderedDict
from threading import Lock

from markupsafe import Markup  # noqa: TID251 - a drawing is the one thing besides web/ that is not text

from scheduler.rendering.trajectory.draw import trajectory_svg
from scheduler.rendering.trajectory.facts import TrajectoryFacts

DRAWINGS = 64
_kept: OrderedDict[tuple[str, int, str], Markup] = OrderedDict()
_lock = Lock()


def kept_svg(facts: TrajectoryFacts, width: int, ident: str = "traj") -> Markup:
    """`trajectory_svg`, drawn once for as long as it is among the last ones asked for."""
    key = (facts.written, width, ident)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    drawn = trajectory_svg(facts, width, ident)
    with _lock:
        _kept[key] = drawn
        while len(_kept) > DRAWINGS:
            _kept.popitem(last=False)
    return drawn
