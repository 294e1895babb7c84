"""Finding patients as somebody types.

Three letters may be shared by a sixth of a hundred thousand patients, of whom a dozen are shown. To rank
them all would cost more than a keystroke may. So whoever fits is counted up to a bound first. Few of them
are ranked; many are read in the order of the list, from the one index that holds it, until a dozen is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, intersect, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from scheduler.features.patients.search_terms import Terms, terms
from scheduler.models import Patient, PatientSearchKey

Key = PatientSearchKey
SortKey = aliased(PatientSearchKey, name="sorted_by")
IN_ORDER = (SortKey.key, SortKey.patient_id)
LAST = "\U0010ffff"
END = "\0"  # At the end of a beginning: the whole key.
EXACT, FIRST, FAMILY, OTHER = 0, 1, 2, 3
FEW = 400
"""So many who fit are ranked one by one; of more, only the first are looked for."""
NEAR = 1_000
"""So many names that begin so are looked at before all words that were typed are brought together."""
Group = tuple[str, ...]


@dataclass(frozen=True)
class PatientHit:
    """One patient in a list of found ones."""

    patient_id: int
    given_name: str
    family_name: str
    birth_date: date
    record_number: str
    phone: str | None
    email: str | None
    site_id: int
    archived: bool

    @property
    def name(self) -> str:
        """Given name, then family name."""
        return f"{self.given_name} {self.family_name}"


def search(session: Session, text: str, limit: int = 12) -> list[PatientHit]:
    """The patients who fit all that was typed: words of the name, birth date, phone, record number.

    A record number typed in full comes first, then whose name in the lists begins so, then other words
    of the family name, then the rest, by name.
    Archived patients are left out. Nothing is found by an empty text.
    """
    wanted = terms(text)
    if not wanted.groups:
        return []
    for group in wanted.groups:
        few = _few(session, (group,))
        if few is not None:
            return _ranked_few(session, wanted, few, limit)
    if len(wanted.groups) > 1:
        found = _near(session, wanted, limit)
        if len(found) == limit:
            return [hit(patient) for patient in found]
        few = _few(session, wanted.groups)
        if few is not None:
            return _ranked_few(session, wanted, few, limit)
    return [hit(patient) for patient in _rank_by_rank(session, wanted, limit)]


def _ranked_few(session: Session, wanted: Terms, few: Sequence[int], limit: int) -> list[PatientHit]:
    fitting = _listed().where(Patient.id.in_(few), *map(_has_any, wanted.groups))
    return [hit(one) for one in session.scalars(fitting.order_by(rank_of(wanted), *IN_ORDER).limit(limit))]


def _near(session: Session, wanted: Terms, limit: int) -> Sequence[Patient]:
    """Whose name begins so as lists sort it, as far as a short look shows.

    A record number typed in full is one group, and so is not asked for here.
    """
    if not wanted.families:
        return []
    stretch = _any_of(_sorted_beginnings(wanted), SortKey.key)
    near = select(SortKey.patient_id).where(stretch).order_by(*IN_ORDER).limit(NEAR)
    fitting = _listed().where(Patient.id.in_(near), *map(_has_any, wanted.groups))
    return session.scalars(fitting.order_by(*IN_ORDER).limit(limit)).all()


def _rank_by_rank(session: Session, wanted: Terms, limit: int) -> list[Patient]:
    """The first of many."""
    found: list[Patient] = []
    for rank in _ranks(wanted):
        statement = _of_rank(session, wanted.groups, rank)
        statement = statement.where(Patient.id.not_in([patient.id for patient in found]))
        found += session.scalars(statement.order_by(*IN_ORDER).limit(limit - len(found)))
        if len(found) == limit:
            break
    return found


def _few(session: Session, groups: Sequence[Group]) -> Sequence[int] | None:
    """Who fits all groups, or None where they are more than are worth ranking one by one."""
    sets = [_holders(group) for group in groups]
    fitting = intersect(*sets) if len(sets) > 1 else sets[0]
    found = session.scalars(fitting.limit(FEW + 1)).all()
    return found if len(found) <= FEW else None


def _holders(group: Group) -> Select[int]:
    """Who has such a key: one range after the other, because SQLite gives up the index for several in one."""
    ranges = [select(Key.patient_id).where(_any_of((beginning,))) for beginning in group]
    if len(ranges) == 1:
        return ranges[0]
    return select(union_all(*ranges).subquery().c.patient_id)


def _of_rank(session: Session, groups: Sequence[Group], rank: Group) -> Select[Patient]:
    """Those of a rank, where many fit: few are named, many are read in the order of the list."""
    if not rank:
        return _listed().where(*map(_has_any, groups))
    if rank[0].startswith("n:"):
        return _listed(rank).where(*map(_has_any, groups))
    # Who has the only word that was typed as a family name fits by that alone.
    needed = (rank,) if len(groups) == 1 else (rank, *groups)
    few = _few(session, needed)
    return _listed().where(*map(_has_any, needed)) if few is None else _listed().where(Patient.id.in_(few))


def _ranks(wanted: Terms) -> Iterator[Group]:
    """Beginnings of the keys that each rank asks for, best first; the last asks for none."""
    yield (wanted.record + END,)
    if wanted.families:
        yield _sorted_beginnings(wanted)
        yield wanted.families
    yield ()


def _listed(stretch: Group = ("n:",)) -> Select[Patient]:
    """Current patients, each beside the key by which lists are sorted, or those of a stretch of it."""
    return (
        select(Patient)
        .join(SortKey, SortKey.patient_id == Patient.id)
        .where(_any_of(stretch, SortKey.key), Patient.archived_at.is_(None))
    )


def hit(patient: Patient) -> PatientHit:
    """The patient as a line of a list."""
    return PatientHit(
        patient.id,
        patient.given_name,
        patient.family_name,
        patient.birth_date,
        patient.record_number,
        patient.phone,
        patient.email,
        patient.site_id,
        patient.archived_at is not None,
    )


def ranked(wanted: Terms) -> Select[Patient, int, str]:
    """Rows of (Patient, rank, sort_key) that fit every group; all patients when there is none."""
    statement = (
        select(Patient, rank_of(wanted).label("rank"), SortKey.key.label("sort_key"))
        .join(SortKey, SortKey.patient_id == Patient.id)
        .where(_any_of(("n:",), SortKey.key))
    )
    for group in wanted.groups:
        statement = statement.where(Patient.id.in_(select(Key.patient_id).where(_any_of(group))))
    return statement


def rank_of(wanted: Terms) -> ColumnElement[int]:
    """0 for the record number typed in full, 1 for a name that begins so, 2 for another family word, or 3."""
    if not wanted.groups:
        return literal(OTHER)
    whens = [(_has_any((wanted.record + END,)), EXACT)]
    if wanted.families:
        whens.append((_any_of(_sorted_beginnings(wanted), SortKey.key), FIRST))
        whens.append((_has_any(wanted.families), FAMILY))
    return case(*whens, else_=OTHER)


def _sorted_beginnings(wanted: Terms) -> Group:
    """The beginnings of family names in the key by which lists are sorted, none within another.

    One range is read in its order; of two, the database would sort both.
    """
    found = {f"n:{family[2:]}" for family in wanted.families}
    return tuple(
        sorted(one for one in found if not any(one != other and one.startswith(other) for other in found))
    )


def _has_any(group: Group) -> ColumnElement[bool]:
    """Whether the patient of a line has such a key.

    Asked as a value, so that PostgreSQL looks at one patient after the other and joins nothing first; and of
    the key with nothing added, so that SQLite reads the dozen keys of the patient, not all that begin so.
    """
    own = select(literal(1)).where(Key.patient_id == SortKey.patient_id, _any_of(group, Key.key + ""))
    return own.limit(1).scalar_subquery().is_not(None)


def _any_of(group: Group, column: Any = Key.key) -> ColumnElement[bool]:
    """Ranges of the index, in both databases; LIKE would not use it in every one of their settings."""
    return or_(*(_begins(column, beginning) for beginning in group))


def _begins(column: Any, beginning: str) -> ColumnElement[bool]:
    if beginning.endswith(END):
        whole: ColumnElement[bool] = column == beginning.removesuffix(END)
        return whole
    return and_(column >= beginning, column <= beginning + LAST)
