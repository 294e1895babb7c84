"""What the page with the form shows around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.clock import known_zones
from scheduler.errors import NotFoundError
from scheduler.features.patients.clash import ShownClash, shown_clash
from scheduler.features.patients.data import Clash
from scheduler.features.patients.fields import EXAMPLES, LANGUAGES
from scheduler.features.patients.forms import PatientForm
from scheduler.features.patients.queries import PatientHit
from scheduler.features.patients.times import DAYS
from scheduler.features.patients.twins import in_common

CONTINENTS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian",
    "Pacific",
)  # fmt: skip


@dataclass(frozen=True)
class Sites:
    """The sites to choose from, by id as text; `chosen` says how dates and phones are written there."""

    by_id: Mapping[str, Any]
    chosen: Any

    @property
    def names(self) -> dict[str, str]:
        """Names by id as text."""
        return {number: site.name for number, site in self.by_id.items()}

    def local(self, at: datetime) -> datetime:
        """The instant on the chosen site's clock."""
        return at.astimezone(ZoneInfo(self.chosen.tz))

    def today(self, now: datetime) -> date:
        """The date at the chosen site."""
        return self.local(now).date()


def sites_for(found: list[Any], chosen: str) -> Sites:
    """The sites with the one chosen, or the first. Raises NotFoundError where the clinic has none yet."""
    if not found:
        raise NotFoundError("There is no site yet. An administrator sets up the first one.")
    by_id = {str(site.id): site for site in found}
    return Sites(by_id, by_id.get(chosen, found[0]))


@dataclass(frozen=True)
class FormPage:
    """Everything the template of the form needs; `patient` is None while one is being added.

    `texts`: the new patient agreed to text messages.
    """

    form: PatientForm
    sites: Sites
    patient: Any = None
    then: str = ""
    clash: ShownClash | None = None
    likely: list[PatientHit] = field(default_factory=list)
    trouble: str = ""
    texts: bool = False

    @property
    def title(self) -> str:
        """The heading."""
        return f"Edit {self.patient.name}" if self.patient else "Add a patient"

    @property
    def twins(self) -> list[tuple[PatientHit, frozenset[str]]]:
        """Who may be the same person, each with what is the same."""
        return [(hit, in_common(self.form.data, hit)) for hit in self.likely] if self.form.data else []

    @property
    def site_options(self) -> list[tuple[str, str]]:
        """For the choice of the site."""
        return list(self.sites.names.items())

    @property
    def language_options(self) -> list[tuple[str, str]]:
        """For the choice of the language."""
        return list(LANGUAGES)

    @property
    def zone_options(self) -> list[tuple[str, str]]:
        """All zones of the world by place, after the site's own."""
        zones = sorted(zone for zone in known_zones() if zone.partition("/")[0] in CONTINENTS)
        return [("", "The same as the site"), *((zone, zone.replace("_", " ")) for zone in zones)]

    @property
    def day_options(self) -> list[tuple[str, str]]:
        """For the weekday of exact hours."""
        return [(str(number), name) for number, name in enumerate(DAYS)]

    @property
    def example(self) -> str:
        """A date as the site writes them."""
        return EXAMPLES[self.sites.chosen.date_order]


def clash_in(sites: Sites, clash: Clash) -> ShownClash:
    """The clash with times and names of this site."""
    return shown_clash(clash, sites.local(clash.changed_at), sites.names, sites.chosen.country)
