"""Whom to call when life is in danger, by country: what a page says before anything else.

Numbers that the public bodies of each country give: the emergency number, and the line for people who think
of ending their life where one answers day and night without cost. A country that is not listed gets 112,
which every mobile phone connects with the emergency service there, and no line rather than a wrong one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scheduler.rendering.language import Language


@dataclass(frozen=True)
class Crisis:
    """`emergency` and `line` as people read them; `line` may be empty; `texts` says that it takes texts."""

    emergency: str
    line: str = ""
    texts: bool = False

    @property
    def numbers(self) -> tuple[str, ...]:
        """What can be called, the line first."""
        return (self.line, self.emergency) if self.line else (self.emergency,)

    def said(self, language: Language) -> dict[str, str]:
        """`harm`, a sentence for somebody who thinks of harming themselves, and `whom`, a shorter one."""
        way = "emergency" if not self.line else "texts" if self.texts else "line"
        numbers = {"line": self.line, "emergency": self.emergency}
        return {key: language.say(f"crisis.{key}_{way}", **numbers) for key in ("harm", "whom")}


ANYWHERE = Crisis("112")
BY_COUNTRY: Mapping[str, Crisis] = {
    "US": Crisis("911", "988", True),  # 988 Suicide & Crisis Lifeline; PR and the other territories too.
    "PR": Crisis("911", "988", True),
    "CA": Crisis("911", "988", True),  # 9-8-8 Suicide Crisis Helpline.
    "MX": Crisis("911", "800 911 2000"),  # Línea de la Vida.
    "ES": Crisis("112", "024"),  # Línea 024, Ministerio de Sanidad.
    "GB": Crisis("999", "116 123"),  # Samaritans.
    "IE": Crisis("112", "116 123"),  # Samaritans.
    "FR": Crisis("112", "3114"),  # Numéro national de prévention du suicide.
    "DE": Crisis("112", "0800 1110111"),  # TelefonSeelsorge.
    "AT": Crisis("112", "142"),  # TelefonSeelsorge.
    "CH": Crisis("112", "143"),  # Die Dargebotene Hand.
    "AU": Crisis("000", "13 11 14"),  # Lifeline.
    "NZ": Crisis("111", "1737", True),  # Need to talk?
}


def crisis_of(country: str) -> Crisis:
    """The numbers of a country (ISO 3166, two letters)."""
    return BY_COUNTRY.get(country.upper(), ANYWHERE)


def crisis_of_all(countries: Iterable[str]) -> Crisis:
    """The numbers that are right in all of these countries; where they differ, those that are anywhere."""
    found = {crisis_of(country) for country in countries}
    return found.pop() if len(found) == 1 else ANYWHERE
