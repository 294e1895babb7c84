"""Everything the page of a log shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.checking import dose_notes
from scheduler.features.infusion_logs.domain.dose import Worked, work_out
from scheduler.features.infusion_logs.domain.numbers import shown
from scheduler.features.infusion_logs.fields import CONSENT, FIELDS, YES, Field, Part, fields_of
from scheduler.features.infusion_logs.grid import GridRow, Times, grid_of
from scheduler.features.infusion_logs.missing import Holes, Missing, missing_of
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.queries.around import last_weight
from scheduler.features.infusion_logs.queries.consents import OnFile, on_file
from scheduler.features.infusion_logs.queries.rows import LogRow, rows_of
from scheduler.features.infusion_logs.queries.rules import checks_of, rules_of
from scheduler.features.infusion_logs.queries.saves import Save, last_save, saves_of
from scheduler.features.infusion_logs.queries.visit import Caution, ChartVisit, cautions_of, visit_of
from scheduler.features.infusion_logs.queries.vitals import Reading, readings_of
from scheduler.features.infusion_logs.rows import RowKind
from scheduler.features.infusion_logs.rules import Rules, from_kept
from scheduler.features.infusion_logs.stored import text_of, value_of
from scheduler.features.infusion_logs.values import Value, weight_text
from scheduler.features.patients.consents import Need
from scheduler.models import InfusionLog, InfusionStatus, User


@dataclass(frozen=True)
class PartView:
    """One part as its form shows it: the version to send back, the texts, who saved it last."""

    name: str
    version: int
    fields: Sequence[Field]
    texts: Mapping[str, str]
    saved: Save | None


@dataclass(frozen=True)
class Chart:
    """A log as its page shows it. `readings` holds corrected ones too; `weight_before` is said in words.

    `consents` is what was on file on the day; where all was, an answer that is not given yet shows as ticked,
    and is kept with the next thing that is saved.
    """

    visit: ChartVisit
    place: Place
    now: datetime
    status: str
    completed_at: datetime | None
    completed_by: str
    rules: Rules
    cautions: Sequence[Caution]
    parts: Mapping[str, PartView]
    values: Mapping[str, Value]
    worked: Worked
    notes: Sequence[str]
    weight_before: str
    grid: Sequence[GridRow]
    readings: Sequence[Reading]
    rows: Mapping[str, Sequence[LogRow]]
    missing: Sequence[Missing]
    runs_since: datetime | None
    consents: OnFile

    def said_mg(self, thousandths: int) -> str:
        """`52.5` of 52,500 micrograms or microlitres."""
        return shown(Fraction(thousandths, 1000), 2)

    @property
    def behind(self) -> str:
        """What the visit lacks beside its log: that the patient was checked in, or that it was ended."""
        if (
            self.visit.takes_place
            and self.status != "empty"
            and self.visit.status is InfusionStatus.SCHEDULED
        ):
            return "check_in"
        is_here = self.visit.status in (InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)
        return "end" if is_here and self.values["left_at"] else ""

    @property
    def due(self) -> GridRow | None:
        """The row of vitals that is to be filled in next."""
        return next((line for line in self.grid if line.state == "now"), None)

    @property
    def held(self) -> list[GridRow]:
        """Pressures above a limit that have no answer."""
        return [line for line in self.grid if line.waits]

    @property
    def minutes_run(self) -> int | None:
        """For how long the infusion has been running."""
        return int((self.now - self.runs_since) / timedelta(minutes=1)) if self.runs_since else None


def chart_of(session: Session, infusion_id: int, now: datetime) -> Chart:
    """The log of an infusion, or an empty one where nothing was charted yet. Raises NotFoundError."""
    visit, row, log = visit_of(session, infusion_id, now)
    place = Place(visit.tz, visit.day, visit.pounds)
    rules = from_kept(log.rules) if log else rules_of(session, visit.site_id, visit.protocol_id)
    checks = checks_of(session, visit.site_id, frozenset(log.checks) if log else frozenset())
    values = {each.name: value_of(log, each) for each in (*FIELDS, *checks)}
    readings = readings_of(session, log.id) if log else []
    rows = {kind.value: rows_of(session, log.id, kind, place) if log else [] for kind in RowKind}
    times = times_of(values, visit)
    grid = grid_of(readings, times, rules, now)
    need = Need(visit.patient_id, visit.protocol_id, visit.site_id)
    consents = on_file(session, need, place.zone, visit.day)
    return Chart(
        visit=visit,
        place=place,
        now=now,
        status=log.status.value if log else "empty",
        completed_at=log.completed_at if log else None,
        completed_by=_name(session, log.completed_by_id) if log else "",
        rules=rules,
        cautions=cautions_of(session, visit.patient_id),
        parts=_parts(session, log, checks, place, ticked=consents.all_signed),
        values=values,
        worked=_worked(values),
        notes=dose_notes(values),
        weight_before=_weight_before(last_weight(session, row), place),
        grid=grid,
        readings=readings,
        rows=rows,
        missing=missing_of(values, checks, _holes(grid, rows, place)),
        runs_since=times.started_at if times.stopped_at is None else None,
        consents=consents,
    )


def _name(session: Session, user_id: int | None) -> str:
    return (session.scalar(select(User.name).where(User.id == user_id)) or "") if user_id else ""


def times_of(values: Mapping[str, Value], visit: ChartVisit) -> Times:
    """The instants and minutes that the grid of vitals hangs on."""
    started, stopped, left = (_instant(values[name]) for name in ("started_at", "stopped_at", "left_at"))
    minutes = values["minutes"]
    return Times(
        started,
        stopped,
        left,
        minutes if isinstance(minutes, int) else visit.infusion_minutes,
        visit.recovery_minutes,
    )


def _parts(
    session: Session, log: InfusionLog | None, checks: Sequence[Field], place: Place, *, ticked: bool
) -> dict[str, PartView]:
    saves = saves_of(session, log.id) if log else []
    found = {}
    for part in Part:
        fields, last = fields_of(part, checks), last_save(saves, part)
        texts = {each.name: text_of(log, each, place) for each in fields}
        if ticked and CONSENT in texts:
            texts[CONSENT] = texts[CONSENT] or YES
        found[part.value] = PartView(part.value, last.version if last else 0, fields, texts, last)
    return found


def _worked(values: Mapping[str, Value]) -> Worked:
    names = ("weight_g", "dose_ug_per_kg", "concentration_ug_per_ml", "minutes")
    weight, per_kg, per_ml, minutes = (_whole(values[name]) for name in names)
    return work_out(weight, per_kg, per_ml, minutes)


def _holes(grid: Sequence[GridRow], rows: Mapping[str, Sequence[LogRow]], place: Place) -> Holes:
    before = any(line.label == "Before" and line.reading and line.reading.sbp for line in grid)
    held = [
        f"{line.reading.pressure} at {place.said(line.at)}" for line in grid if line.waits and line.reading
    ]
    pauses = [row for row in rows[RowKind.PAUSE.value] if row.runs and not row.struck_reason]
    return Holes(before, held, len(pauses))


def _weight_before(found: tuple[int, date] | None, place: Place) -> str:
    if found is None:
        return ""
    grams, day = found
    unit = "lb" if place.pounds else "kg"
    return f"{weight_text(grams, pounds=place.pounds)} {unit} on {day.day} {day:%b %Y}"


def _instant(value: Value) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None
