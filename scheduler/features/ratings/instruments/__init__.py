"""The instruments that ship, as data; each file says where its words and its numbers come from."""

from collections.abc import Mapping

from scheduler.features.ratings.instruments.anxiety import ANXIETY_24H, ANXIETY_NOW
from scheduler.features.ratings.instruments.gad7 import GAD2, GAD7, GAD7_SINCE
from scheduler.features.ratings.instruments.ham_a import HAM_A
from scheduler.features.ratings.instruments.pcl5 import PCL5
from scheduler.features.ratings.instruments.phq9 import PHQ2, PHQ9
from scheduler.features.ratings.instruments.shape import (
    Band,
    Change,
    Form,
    Instrument,
    Loinc,
    Method,
    Recall,
    Wording,
)

SHIPPED = (GAD7, PHQ9, GAD2, PHQ2, ANXIETY_NOW, ANXIETY_24H, PCL5, HAM_A, GAD7_SINCE)
INSTRUMENTS: Mapping[tuple[str, int], Instrument] = {instrument.key: instrument for instrument in SHIPPED}

__all__ = [
    "ANXIETY_24H",
    "ANXIETY_NOW",
    "GAD2",
    "GAD7",
    "GAD7_SINCE",
    "HAM_A",
    "INSTRUMENTS",
    "PCL5",
    "PHQ2",
    "PHQ9",
    "SHIPPED",
    "Band",
    "Change",
    "Form",
    "Instrument",
    "Loinc",
    "Method",
    "Recall",
    "Wording",
]
