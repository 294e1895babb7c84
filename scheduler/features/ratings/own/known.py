"""The one look-up of instruments: those that ship, and the clinic's own.

What is published never changes, so a database session reads the clinic's own at most once, and not at all
as long as it is asked for shipped ones alone.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.instruments import INSTRUMENTS, SHIPPED, Instrument
from scheduler.features.ratings.own.definition import OWN, from_data
from scheduler.features.ratings.plan import Key
from scheduler.models import OwnInstrument

PLACE = "own_instruments"


class Known(Mapping[Key, Instrument]):
    """Every published version by code and version."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getitem__(self, key: Key) -> Instrument:
        shipped = INSTRUMENTS.get(key)
        return shipped if shipped is not None else self._own()[key]

    def __iter__(self) -> Iterator[Key]:
        yield from INSTRUMENTS
        yield from self._own()

    def __len__(self) -> int:
        return len(INSTRUMENTS) + len(self._own())

    def _own(self) -> dict[Key, Instrument]:
        kept = self._session.info.get(PLACE)
        if kept is None:
            rows = self._session.scalars(
                select(OwnInstrument)
                .where(OwnInstrument.published_at.is_not(None))
                .order_by(OwnInstrument.code, OwnInstrument.version)
            )
            kept = {(row.code, row.version): from_data(row.code, row.version, row.definition) for row in rows}
            self._session.info[PLACE] = kept
        found: dict[Key, Instrument] = kept
        return found


def known(session: Session) -> Known:
    """The look-up of a session."""
    return Known(session)


def forget(session: Session) -> None:
    """Read the clinic's own anew when they are next needed: one was published in this session."""
    session.info.pop(PLACE, None)


def offered(session: Session) -> Sequence[Instrument]:
    """What a protocol can ask from now on: what ships, and the newest version of each own one in use."""
    rows = session.execute(
        select(OwnInstrument.code, OwnInstrument.version)
        .where(OwnInstrument.published_at.is_not(None), OwnInstrument.retired_at.is_(None))
        .order_by(OwnInstrument.code, OwnInstrument.version)
    )
    newest = {code: version for code, version in rows}  # noqa: C416 - the last one of each code stays
    everything = known(session)
    return (*SHIPPED, *(everything[key] for key in newest.items()))


def newest(session: Session, code: str) -> Instrument | None:
    """The newest published version of one instrument, retired or not."""
    everything = known(session)
    keys = [key for key in everything if key[0] == code] if code.startswith(OWN) else []
    keys += [key for key in INSTRUMENTS if key[0] == code]
    return everything[max(keys)] if keys else None


def for_patients(session: Session, asked: Sequence[Key]) -> tuple[Key, ...]:
    """Those that a patient answers: all but those that a clinician rates."""
    everything = known(session)
    return tuple(key for key in asked if not everything[key].clinician_rated)


def instruments_of(session: Session, keys: Sequence[Key]) -> tuple[Instrument, ...]:
    """The instruments of these keys, in their order."""
    everything = known(session)
    return tuple(everything[key] for key in keys)
