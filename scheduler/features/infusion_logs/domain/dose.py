"""From weight to dose, volume and rate: 70 kg × 0.5 mg/kg = 35 mg, over 40 min = 52.5 mg/h.

Everything is a whole number of grams, micrograms or minutes, and the arithmetic is exact until the last
rounding, which is to the microgram.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from scheduler.features.infusion_logs.domain.numbers import nearest

LB_IN_GRAMS = Fraction("453.59237")
TOLERANCE = Fraction(5, 100)  # CLINICAL.md, section 2: a difference of over 5 % warns.


@dataclass(frozen=True)
class Worked:
    """What follows from what is charted: micrograms, microlitres, micrograms an hour; None where unknown."""

    dose_ug: int | None = None
    volume_ul: int | None = None
    rate_ug_h: int | None = None


@lru_cache(512)
def work_out(
    weight_g: int | None, ug_per_kg: int | None, ug_per_ml: int | None, minutes: int | None
) -> Worked:
    """Dose, volume and rate of an infusion, as far as they can be known."""
    if weight_g is None or ug_per_kg is None:
        return Worked()
    dose = Fraction(weight_g * ug_per_kg, 1000)
    return Worked(
        nearest(dose),
        nearest(dose * 1000 / ug_per_ml) if ug_per_ml else None,
        nearest(dose * 60 / minutes) if minutes else None,
    )


def rate_of(dose_ug: int, minutes: int) -> int:
    """Micrograms an hour that give `dose_ug` in `minutes` (over 0)."""
    return nearest(Fraction(dose_ug * 60, minutes))


def differs(charted: int, expected: int) -> Fraction | None:
    """By which part `charted` is off `expected`, where it is over 5 %; None where it is not."""
    if expected == 0:
        return Fraction(1) if charted else None
    off = Fraction(charted - expected, expected)
    return off if abs(off) > TOLERANCE else None


def per_cent(part: Fraction) -> str:
    """`5.3 %`, without its sign; one decimal, so that what is over 5 % never reads as 5 %."""
    tenths = abs(part) * 1000
    rounded = nearest(tenths)
    if rounded == 50 and tenths > 50:
        rounded = 51
    return f"{rounded // 10}.{rounded % 10} %" if rounded % 10 else f"{rounded // 10} %"


def from_pounds(pounds: Fraction) -> int:
    """Grams of a weight in pounds."""
    return nearest(pounds * LB_IN_GRAMS)


def in_pounds(grams: int) -> Fraction:
    """Pounds of a weight in grams."""
    return Fraction(grams) / LB_IN_GRAMS
