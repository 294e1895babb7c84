"""From answers to a total and its band. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.errors import RuleError
from scheduler.features.ratings.instruments import Instrument, Method


@dataclass(frozen=True)
class Score:
    """A total with the name of its band (empty where the instrument has none).

    With a question left out there is no total (None): the rating is incomplete, never 0. `missing` are the
    positions, from 0, of what was left out. `is_crisis` says that the question about wanting to be dead or to
    hurt oneself was answered with 1 or more, whatever else is missing.
    """

    total: int | None
    band: str
    missing: tuple[int, ...]
    is_crisis: bool


def score(instrument: Instrument, answers: Sequence[int | None]) -> Score:
    """What the answers come to. Raises RuleError for a wrong number of answers or one out of range."""
    if len(answers) != instrument.length:
        raise RuleError(f"{instrument.name} has {instrument.length} questions; {len(answers)} came.")
    for answer in answers:
        if answer is not None and not is_answer(instrument, answer):
            raise RuleError(f"Choose a whole number from {instrument.least} to {instrument.most}.")
    missing = tuple(at for at, answer in enumerate(answers) if answer is None)
    crisis = answers[instrument.crisis_item] if instrument.crisis_item is not None else None
    given = [answer for answer in answers if answer is not None]
    total = None if missing else _total(instrument, given)
    return Score(total, band_of(instrument, total), missing, (crisis or 0) >= 1)


def _total(instrument: Instrument, answers: Sequence[int]) -> int:
    """All answers as one number; the half of a mean is rounded up."""
    ends = instrument.least + instrument.most
    turned = [ends - one if at in instrument.reversed else one for at, one in enumerate(answers)]
    if instrument.method is Method.HIGHEST:
        return max(turned)
    if instrument.method is Method.MEAN:
        return (2 * sum(turned) + len(turned)) // (2 * len(turned))
    return sum(turned)


def is_answer(instrument: Instrument, answer: object) -> bool:
    """Whether this is one whole number that the instrument takes."""
    whole = isinstance(answer, int) and not isinstance(answer, bool)
    return whole and instrument.least <= answer <= instrument.most  # type: ignore[operator]


def band_of(instrument: Instrument, total: int | None) -> str:
    """The name of the band that a total lies in; empty without one."""
    if total is None:
        return ""
    return next((band.name for band in instrument.bands if band.least <= total <= band.most), "")
