"""The build page's own address. All that is looked for stands in it, so that Back, Reload and a link work."""

from datetime import date
from urllib.parse import urlencode

from scheduler.features.courses.building.forms import EITHER, FARTHEST, LONGEST_WAIT, BuildForm
from scheduler.models import ProtocolVersion

PAGE = "/courses/new?"


def base_address(form: BuildForm, version: ProtocolVersion, site_value: str, ticks: frozenset[str]) -> str:
    """The page's address without a set of dates."""
    return PAGE + urlencode(_values(form, version, site_value, ticks), doseq=True)


def relaxed_address(
    name: str, form: BuildForm, version: ProtocolVersion, site_value: str, ticks: frozenset[str], today: date
) -> str | None:
    """The same with one thing relaxed, by the planner's name for it; None where that is too far ahead."""
    values = _values(form, version, site_value, ticks)
    if name == "patient any time":
        values |= {"can": [f"{day}{half}" for day in range(7) for half in "ap"], "whole": "1"}
    elif name == "first_day_max+7":
        return _a_week_later(form, values, today)
    elif name == "any site":
        values["site"] = EITHER
    elif name == "patient drops blackout":
        values["there"] = "1"
    else:
        values["bend"] = name
    return PAGE + urlencode(values, doseq=True)


def _a_week_later(form: BuildForm, values: dict[str, object], today: date) -> str | None:
    """A later end. Where the page would look at too many days, the start moves too: it held no plan."""
    first, until = form.first, date.fromordinal(form.until.toordinal() + 7)
    if until - first > LONGEST_WAIT:
        first = until - LONGEST_WAIT
    if first > today + FARTHEST:
        return None
    values |= {"from": first.isoformat(), "until": until.isoformat()}
    return PAGE + urlencode(values, doseq=True)


def _values(
    form: BuildForm, version: ProtocolVersion, site_value: str, ticks: frozenset[str]
) -> dict[str, object]:
    values: dict[str, object] = {
        "patient": form.patient_id,
        "protocol": version.id,
        "from": form.first.isoformat(),
        "until": form.until.isoformat(),
        "can": sorted(ticks),
        "site": site_value,
    }
    if form.preferred:
        values |= {
            name: form.typed[name].strip() for name in ("pa", "pb") if form.typed.get(name, "").strip()
        }
    if form.whole:
        values["whole"] = "1"
    if form.there:
        values["there"] = "1"
    if form.bend:
        values["bend"] = form.bend
    if form.after:
        values["after"] = form.after
    return values
