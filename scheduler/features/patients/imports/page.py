"""What the pages of an import show."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.features.patients.fields import EXAMPLES
from scheduler.features.patients.imports.birth_dates import ORDERS, read_in_order, telling
from scheduler.features.patients.imports.columns import FIELDS, faults
from scheduler.features.patients.imports.encodings import ENCODINGS, decode
from scheduler.features.patients.imports.forms import NAMES
from scheduler.features.patients.imports.lease import WORKING
from scheduler.features.patients.imports.pieces import PIECE, read_beginning
from scheduler.features.patients.imports.plans import plan_of
from scheduler.features.patients.imports.queries import OddRow, counts, odd_rows, one_import, same_file
from scheduler.features.patients.imports.reading import Judged, Plan, judge
from scheduler.features.patients.imports.records import SEPARATORS, Record, records
from scheduler.features.patients.imports.sniff import SAMPLE, dates_in
from scheduler.features.patients.refused import Refused
from scheduler.models import ImportState, PatientImport, RowOutcome
from scheduler.web.filters import day_year

SHOWN = 8
STILL = timedelta(seconds=60)
LISTS = {"wrong": RowOutcome.WRONG, "likely": RowOutcome.LIKELY, "already": RowOutcome.ALREADY}


@dataclass(frozen=True)
class MatchPart:
    """What a person needs to say what the columns are."""

    examples: tuple[str, ...]
    preview: tuple[Judged, ...]
    orders: tuple[tuple[str, str], ...]
    faults: dict[str, str]

    encodings = tuple(ENCODINGS.items())
    separators = tuple((NAMES[mark], words) for mark, words in SEPARATORS.items())
    fields = (("", "Leave this column out"), *FIELDS.items())


@dataclass(frozen=True)
class ImportPage:
    """One import; `match` while its columns are chosen, `rows` of the list `shown` once it is checked."""

    found: PatientImport
    counts: dict[RowOutcome, int]
    twin_file: PatientImport | None
    is_still: bool
    match: MatchPart | None = None
    shown: str = "wrong"
    rows: list[OddRow] = field(default_factory=list)
    next_row: int = 0
    sites: dict[int, str] = field(default_factory=dict)

    @property
    def separator(self) -> str:
        """The separator's name in the form."""
        return NAMES[self.found.separator]

    @property
    def is_working(self) -> bool:
        """Whether the worker has something to do."""
        return self.found.state in WORKING

    @property
    def out_of(self) -> int:
        """How many rows the worker's present work has."""
        if self.found.state is ImportState.ADDING:
            return self.found.position + self.counts[RowOutcome.READY]
        return self.found.total

    @property
    def left_out(self) -> int:
        """Rows that can be mended and brought again."""
        return self.counts[RowOutcome.WRONG] + self.counts[RowOutcome.LIKELY]

    @property
    def lists(self) -> list[tuple[str, str, int]]:
        """The lists of rows that need a look: name, words, how many."""
        words = {"wrong": "Can’t be brought in", "likely": "Perhaps here already", "already": "Here already"}
        return [(name, words[name], self.counts[outcome]) for name, outcome in LISTS.items()]


def import_page(
    session: Session, now: datetime, import_id: int, shown: str, after: int, sites: dict[int, str]
) -> ImportPage:
    """The page of one import. Raises NotFoundError."""
    found = one_import(session, import_id)
    number = counts(session, import_id)
    still = found.state in WORKING and now - found.moved_at > STILL
    if found.state is ImportState.MATCHING:
        part = _match_part(session, now, found)
        return ImportPage(found, number, same_file(session, found), still, match=part, sites=sites)
    if shown not in LISTS:
        shown = next((name for name, outcome in LISTS.items() if number[outcome]), "wrong")
    rows, more = odd_rows(session, import_id, LISTS[shown], after)
    return ImportPage(
        found, number, same_file(session, found), still,
        shown=shown, rows=rows, next_row=rows[-1].number if more else 0, sites=sites,
    )  # fmt: skip


def _match_part(session: Session, now: datetime, found: PatientImport) -> MatchPart:
    plan = plan_of(session, now, found)
    raw = read_beginning(session, found.id)
    rows = list(itertools.islice(records(decode(raw, found.encoding).text, found.separator), SAMPLE))
    if len(raw) == PIECE and len(rows) < SAMPLE:
        rows = rows[:-1]  # The first piece ends anywhere.
    preview = tuple(judge(plan, record) for record in rows[:SHOWN])
    return MatchPart(_examples(plan, rows), preview, _orders(plan, rows), faults(found.columns))


def _examples(plan: Plan, rows: Sequence[Record]) -> tuple[str, ...]:
    """The first thing that stands in each column."""
    cells = [record.cells for record in rows[:100] if not record.problem]
    return tuple(
        next((row[place].strip()[:60] for row in cells if place < len(row) and row[place].strip()), "")
        for place in range(len(plan.head))
    )


def _orders(plan: Plan, rows: Sequence[Record]) -> tuple[tuple[str, str], ...]:
    """Each order with what it makes of a date of this file."""
    text = telling(dates_in(rows, plan.columns))

    def words(order: str) -> str:
        if not text:
            return f"{ORDERS[order]}, such as {EXAMPLES[order]}"
        try:
            return f"{ORDERS[order]}: {text[:40]} is {day_year(read_in_order(text, order, plan.today))}"
        except Refused:
            return f"{ORDERS[order]}: {text[:40]} is no date"

    return tuple((order, words(order)) for order in ORDERS)
