"""An instrument of a clinic's own, as it is written into the form."""

from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.own.form import read_instrument

SLEEP = {
    "name": "Sleep of the last week",
    "licence": "Written by the clinic itself.",
    "recall": "week",
    "form": "words",
    "method": "sum",
    "lead_en": "Over the last week",
    "items_en": "I fell asleep easily.\r\nI woke up at night.\r\n\r\nI was tired by day.",
    "answers_en": "Never\r\nSometimes\r\nOften\r\nAlways",
    "reversed": "1",
    "bands": "0-3 good\r\n4-6 fair\r\n7-9 poor",
    "meaningful": "3",
    "meaningful_source": "The clinic's own judgement",
    "remission_at_most": "2",
    "crisis_item": "",
}


def own_instrument() -> Instrument:
    """The same, read."""
    found, errors = read_instrument(SLEEP)
    assert found is not None, errors
    return found
