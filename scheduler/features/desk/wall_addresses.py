"""The addresses of wall screens: the form for a new one, and the list of those that were made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.accounts.queries import tokens
from scheduler.features.capacity.queries import sites

LIFETIMES = (("365", "After a year"), ("90", "After 90 days"), ("never", "When somebody ends it"))


@dataclass(frozen=True)
class AddressForm:
    """What was typed, and what is wrong with it. `lifetime` is one of LIFETIMES."""

    name: str
    site_id: int | None
    lifetime: str
    values: dict[str, str]
    errors: dict[str, str]


@dataclass(frozen=True)
class WallAddress:
    """One address in the list, times at its site. `state` is open, ended or over."""

    token_id: int
    name: str
    site: str
    state: str
    created_at: datetime
    ends_at: datetime | None
    last_used_at: datetime | None


def parse_address(form: Mapping[str, str], site_ids: Collection[int]) -> AddressForm:
    """Read the form; a site must be one of `site_ids`."""
    values = {name: form.get(name, "").strip() for name in ("name", "site", "lifetime")}
    errors = {}
    site_id = next((known for known in site_ids if str(known) == values["site"]), None)
    if site_id is None:
        errors["site"] = "Choose the site that the screen hangs in."
    if values["lifetime"] not in dict(LIFETIMES):
        errors["lifetime"] = "Choose when the address ends."
    return AddressForm(values["name"], site_id, values["lifetime"], values, errors)


def ends(now: datetime, lifetime: str) -> datetime | None:
    """When an address made `now` ends, None for one that somebody must end."""
    return None if lifetime == "never" else now + timedelta(days=int(lifetime))


def wall_addresses(session: Session, now: datetime) -> list[WallAddress]:
    """All that were made: those that still open a screen first, then by age, the newest first."""
    by_id = {site.id: site for site in sites(session, with_archived=True)}
    found = []
    for token in tokens(session, "wall"):
        site = by_id.get(token.site_id or 0)
        if site is None:
            continue  # A site that was removed takes its addresses along.
        zone = ZoneInfo(site.tz)
        is_over = token.expires_at is not None and token.expires_at <= now
        ended_at = token.revoked_at or token.expires_at
        found.append(
            WallAddress(
                token.id,
                token.name,
                site.name,
                "ended" if token.revoked_at else "over" if is_over else "open",
                token.created_at.astimezone(zone),
                ended_at.astimezone(zone) if ended_at else None,
                token.last_used_at.astimezone(zone) if token.last_used_at else None,
            )
        )
    return sorted(found, key=lambda address: address.state != "open")
