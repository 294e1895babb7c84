"""Visits that have a rule and no message for it yet: what the reminders are derived from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, String, cast, exists, literal, select
from sqlalchemy.orm import Session

from scheduler.features.reminders.due import Due, due_of, starts_between
from scheduler.models import (
    Channel,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    Patient,
    ProtocolVersion,
    ReminderRule,
    Site,
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Found:
    """A visit and a rule that belong together, without a message yet, and when it is due."""

    row: Any
    channel: Channel
    days: int
    due: Due


def active_rules(session: Session) -> list[ReminderRule]:
    """The rules that are switched on, those of the longest lead first."""
    return list(
        session.scalars(
            select(ReminderRule)
            .where(ReminderRule.active)
            .order_by(ReminderRule.days_before.desc(), ReminderRule.channel, ReminderRule.id)
        )
    )


def zone_pairs(session: Session) -> list[tuple[str, str | None]]:
    """Each site's zone with each zone that some patient lives in: quiet hours are counted there."""
    own = session.scalars(
        select(Patient.time_zone).where(Patient.time_zone.is_not(None)).distinct().order_by(Patient.time_zone)
    ).all()
    sites = session.scalars(select(Site.tz).distinct().order_by(Site.tz)).all()
    return [(tz, patient_tz) for tz in sites for patient_tz in (None, *own)]


def span(
    pairs: list[tuple[str, str | None]], days: int, since: datetime, now: datetime
) -> tuple[datetime, datetime] | None:
    """Between which starts the visits lie whose reminder falls due after `since`, until `now`."""
    found = []
    for tz, patient_tz in pairs:
        try:
            found.append(starts_between(since, now, tz, patient_tz, days))
        except (OverflowError, ValueError, KeyError, OSError):
            continue  # Zones that are not known: said for each visit there, by `derived`.
    spans = [one for one in found if one is not None]
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def derived(session: Session, statement: Select[Any], rule: ReminderRule) -> Iterator[Found]:
    """The reminders of one rule for these visits. One visit that breaks does not cost the next its own."""
    for row in session.execute(statement):
        since = max(row.scheduled_at, rule.since or row.scheduled_at)
        try:
            due = due_of(row.starts_at, since, row.tz, row.time_zone, rule.days_before)
        except (OverflowError, ValueError, KeyError, OSError):
            log.exception("reminder_not_derived", infusion_id=row.infusion_id)
            continue
        if due is not None:
            yield Found(row, rule.channel, rule.days_before, due)


def without_message(rule: ReminderRule) -> Select[*tuple[Any, ...]]:
    """Scheduled visits under the rule without a message for it and this schedule version: index look-ups.

    A rule of a protocol is for its courses; one for all is for the courses of those that have none of their
    own, be they on or off.
    """
    version = cast(Infusion.schedule_version, String)
    begin = literal("reminder:infusion:") + cast(Infusion.id, String) + ":v" + version
    key = begin + f":{rule.days_before}d:{rule.channel.value}"
    own = select(ReminderRule.protocol_id).where(ReminderRule.protocol_id.is_not(None))
    protocol = ProtocolVersion.protocol_id
    return (
        select(
            Infusion.id.label("infusion_id"),
            Infusion.number,
            Infusion.course_id,
            Infusion.site_id,
            Infusion.schedule_version,
            Infusion.starts_at,
            Infusion.scheduled_at,
            Patient.id.label("patient_id"),
            Patient.given_name,
            Patient.family_name,
            Patient.record_number,
            Patient.language,
            Patient.time_zone,
            Patient.email,
            Patient.phone,
            Site.tz,
            protocol.label("protocol_id"),
        )
        .join(Patient, Patient.id == Infusion.patient_id)
        .join(Site, Site.id == Infusion.site_id)
        .join(Course, Course.id == Infusion.course_id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(
            Infusion.status == InfusionStatus.SCHEDULED,
            Course.status == CourseStatus.ACTIVE,
            protocol.not_in(own) if rule.protocol_id is None else protocol == rule.protocol_id,
            ~exists().where(Message.dedupe_key == key),
        )
        .order_by(Infusion.starts_at, Infusion.id)
    )
