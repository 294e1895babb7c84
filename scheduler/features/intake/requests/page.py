"""The public page in somebody's language: which one that is, and what it says."""

from dataclasses import dataclass

from werkzeug.datastructures import LanguageAccept

from scheduler.features.intake.requests.queries import Place
from scheduler.rendering.crisis import crisis_of
from scheduler.rendering.language import Language, codes, load
from scheduler.rendering.phones import readable

USUAL = "en"


@dataclass(frozen=True)
class Saying:
    """What the page of a site says in one language."""

    place: Place
    language: Language

    @property
    def phone(self) -> str:
        """The clinic's number as people read it."""
        return readable(self.place.phone)

    def say(self, key: str, **facts: object) -> str:
        """A phrase of the page; the clinic's phone is at hand in each."""
        return self.language.say(f"ask.{key}", phone=self.phone, **facts)

    @property
    def crisis(self) -> list[tuple[str, str, str, str]]:
        """Whom to call now, in the site's country: the words before a number, it as dialled
        and as read, and the words after."""
        known = crisis_of(self.place.country)
        lines = [("crisis_texts" if known.texts else "crisis_line", known.line)] if known.line else []
        lines.append(("crisis_emergency", known.emergency))
        found = []
        for key, number in lines:
            before, _, after = self.say(key, number="\n").partition("\n")
            found.append((before, number.replace(" ", ""), number, after))
        return found

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How one can talk with this site, with the words for each."""
        return [(way, self.say(f"way_{way}")) for way in self.place.ways]

    @property
    def days(self) -> list[tuple[int, str, str]]:
        """Weekday, its short name and its name, of those on which the site is open."""
        return [
            (day, self.language.short_weekdays[day], self.language.weekdays[day]) for day in self.place.days
        ]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Code and own name of the other languages that the page speaks."""
        return [(code, load(code).name) for code in codes() if code != self.language.code]


def saying(place: Place, wished: str, accepted: LanguageAccept) -> Saying:
    """The words for somebody: in the language of the address, else the first their browser reads."""
    known = codes()
    code = wished if wished in known else accepted.best_match(known, USUAL)
    return Saying(place, load(code or USUAL))
