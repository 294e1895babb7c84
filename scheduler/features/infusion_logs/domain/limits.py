"""What is believed at once, what is asked about, and what cannot be (CLINICAL.md, section 2).

Outside the soft range the chart asks "are you sure?" and takes a yes; outside the hard one the value is
refused, because no patient has it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Span(NamedTuple):
    """From `low` to `high`, both included."""

    low: int | Fraction
    high: int | Fraction

    def holds(self, value: int | Fraction) -> bool:
        """Whether `value` lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Limit:
    """The two ranges of one value in its unit: `hard` refuses, `soft` asks (None: nothing is asked)."""

    name: str
    unit: str
    hard: Span
    soft: Span | None = None


# CLINICAL.md, section 2. The bounds of concentration, rate and charted dose guard against a slipped finger:
# 200 mg/mL is above every vial on the market, 900 mg is 300 kg at 3 mg/kg.
LIMITS: Mapping[str, Limit] = {
    "weight": Limit("Weight", "kg", Span(20, 300), Span(35, 200)),
    "dose_per_kg": Limit("Dose", "mg/kg", Span(0, 3), Span(Fraction(1, 10), Fraction(3, 2))),
    "dose": Limit("Dose", "mg", Span(0, 900)),
    "concentration": Limit("Concentration", "mg/mL", Span(Fraction(1, 100), 200)),
    "rate": Limit("Rate", "mg/h", Span(0, 3600)),
    "minutes": Limit("Length of the infusion", "min", Span(1, 600), Span(30, 120)),
    "sbp": Limit("Systolic pressure", "mmHg", Span(40, 300), Span(70, 220)),
    "dbp": Limit("Diastolic pressure", "mmHg", Span(20, 200), Span(40, 130)),
    "pulse": Limit("Pulse", "per minute", Span(20, 250), Span(35, 160)),
    "spo2": Limit("SpO2", "%", Span(30, 100), Span(80, 100)),
    "sedation": Limit("Sedation", "MOAA/S", Span(0, 5)),
    "cadss": Limit("Dissociation", "CADSS-6 total", Span(0, 24)),
}


def is_impossible(limit: Limit, value: int | Fraction) -> bool:
    """Whether `value` has to be refused."""
    return not limit.hard.holds(value)


def is_unusual(limit: Limit, value: int | Fraction) -> bool:
    """Whether somebody has to say that `value` is right."""
    return limit.soft is not None and not limit.soft.holds(value)
