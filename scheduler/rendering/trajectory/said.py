"""The drawing in words. It states, and praises nothing."""

from collections.abc import Sequence
from datetime import date

from scheduler.rendering.trajectory.facts import Pair, Track, TrajectoryFacts

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date) -> str:
    """Write a day as the pages for staff do, such as "4 May"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def describe(facts: TrajectoryFacts) -> str:
    """What the drawing shows, a sentence for each instrument."""
    if not facts.tracks:
        return "No ratings yet."
    return " ".join([*(_track(track) for track in facts.tracks), "All values are in the table below."])


def _track(track: Track) -> str:
    if track.pairs:
        return _paired(track.name, track.pairs)
    known = [point for point in track.points if point.total is not None]
    if not known:
        return f"{track.name}: no complete rating."
    if len(known) == 1:
        return f"{track.name}: {known[0].total} on {short_day(known[0].at)}."
    told = ", ".join(f"{point.total} on {short_day(point.at)}" for point in known)
    return f"{track.name}: {told}."


def _paired(name: str, pairs: Sequence[Pair]) -> str:
    both = [(pair.pre, pair.post) for pair in pairs if pair.pre is not None and pair.post is not None]
    if not both:
        return f"{name}: no infusion has both ratings."
    fell = sum(post < pre for pre, post in both)
    rose = sum(post > pre for pre, post in both)
    ways = (("fell", fell), ("rose", rose), ("stayed the same", len(both) - fell - rose))
    told = ", ".join(f"{word} in {count}" for word, count in ways if count)
    whole = "the one infusion" if len(both) == 1 else f"{len(both)} infusions"
    return f"{name}, before and 2 hours after: of {whole} with both ratings it {told}."
