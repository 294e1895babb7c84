"""What each section of the settings shows, out of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.accounts.roles import role_line
from scheduler.features.capacity.queries import (
    duty_stretches,
    holiday_name_by_day,
    openings,
    protocols_with_versions,
    sites,
)
from scheduler.features.reminders.rules.queries import protocols, rule_groups, wordings
from scheduler.features.settings import queries
from scheduler.features.settings.duty import people
from scheduler.features.settings.hours import open_week
from scheduler.features.settings.week import roster
from scheduler.features.settings.words import bar_hours, phases, rules
from scheduler.models import Site
from scheduler.web.filters import day_year

AHEAD = timedelta(days=365)
WEEK = timedelta(days=7)
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class When:
    """The present, and the day whose week was asked for, if any."""

    now: datetime
    day: date | None = None


def sites_facts(session: Session, when: When) -> Facts:
    """Sites with their week of opening hours and what retires; and those put away."""
    found = sites(session, with_archived=True)
    used = [site for site in found if site.archived_at is None]
    return {
        "sites": [(site, open_week(site), _retiring(site, when.now)) for site in used],
        "put_away": [site for site in found if site.archived_at is not None],
    }


def _retiring(site: Site, now: datetime) -> dict[int, str]:
    """By chair, since when or until when it is used, where it is not used for good."""
    zone = ZoneInfo(site.tz)
    found = {}
    for chair in site.chairs:
        if chair.retired_at is not None:
            day = chair.retired_at.astimezone(zone).date()
            found[chair.id] = (
                f"not since {day_year(day)}" if chair.retired_at <= now else f"not from {day_year(day)} on"
            )
    return found


def closures_facts(session: Session, when: When) -> Facts:
    """Of each site: what is shut, and the coming year's public holidays."""
    return {"sites": [_closed(session, site, when.now) for site in sites(session)]}


def _closed(session: Session, site: Site, now: datetime) -> Facts:
    """Closures and the public holidays of the coming year, in the site's own time."""
    zone = ZoneInfo(site.tz)
    today = now.astimezone(zone).date()
    last = today + AHEAD
    opened = openings(session, site, today, last)
    chairs = {chair.id: chair.name for chair in site.chairs}
    return {
        "site": site,
        "closures": [
            {
                "id": row.id,
                "what": chairs.get(row.chair_id, "") if row.chair_id else "The whole site",
                "starts": row.starts_at.astimezone(zone),
                "ends": row.ends_at.astimezone(zone),
                "reason": row.reason,
            }
            for row in queries.closures_from(session, site, now)
        ],
        "holidays": [
            {"day": each, "name": name, "open": each in opened}
            for each, name in holiday_name_by_day(site.country, site.region, today, last).items()
        ],
    }


def shifts_facts(session: Session, when: When) -> Facts:
    """The week around the day asked for, or around today."""
    found = sites(session)
    today = when.now.astimezone(ZoneInfo(found[0].tz)).date() if found else when.now.date()
    chosen = when.day or today
    monday = chosen - timedelta(days=chosen.weekday())
    names = {user.id: user.name for user in queries.staff(session)}
    stretches = duty_stretches(session, [site.id for site in found], monday, monday + timedelta(days=6))
    patterns, exceptions = queries.patterns_in(session, monday), queries.exceptions_in(session, monday)
    return {
        "monday": monday,
        "week_before": (monday - WEEK).isoformat(),
        "week_after": (monday + WEEK).isoformat(),
        "days": [monday + timedelta(days=number) for number in range(7)],
        "today": today,
        "people": people(session),
        "rosters": [(site, roster(site, monday, stretches, patterns, exceptions, names)) for site in found],
    }


def protocols_facts(session: Session, _when: When) -> Facts:
    """Protocols with the rules and phases of their newest version, what came before, and who runs by it."""
    running = queries.running_by_version(session)
    names = {site.id: site.name for site in sites(session, with_archived=True)}
    return {
        "protocols": [
            {
                "protocol": protocol,
                "newest": protocol.versions[0],
                "rules": rules(protocol.versions[0]),
                "phases": phases(protocol.versions[0]),
                "hours": bar_hours(protocol.versions[0]),
                "earlier": [(version, rules(version)) for version in protocol.versions[1:]],
                "running": running.get(protocol.versions[0].id, 0),
                "older": sum(running.get(version.id, 0) for version in protocol.versions[1:]),
                "where": [names[each] for each in protocol.site_ids if each in names],
            }
            for protocol in protocols_with_versions(session)
            if protocol.versions
        ]
    }


def messages_facts(session: Session, _when: When) -> Facts:
    """The rules of all and of single protocols, and the words of each message."""
    found = wordings(session)
    return {
        "groups": rule_groups(session),
        "protocols": [(each.id, each.name) for each in protocols(session)],
        "wordings": [each for each in found if each.kind.protocol_id is None],
        "single": [each for each in found if each.kind.protocol_id is not None],
    }


def staff_facts(session: Session, _when: When) -> Facts:
    """Everybody with an account."""
    names = {site.id: site.name for site in sites(session, with_archived=True)}
    return {
        "staff": [
            {"user": user, "roles": role_line(user.role_set), "site": names.get(user.site_id or 0, "")}
            for user in queries.staff(session)
        ]
    }
