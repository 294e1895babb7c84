"""An instrument as the data that is stored of it, and back. Pure."""

from collections.abc import Mapping
from typing import Any

from scheduler.features.ratings.instruments import Band, Change, Form, Instrument, Method, Recall, Wording

OWN = "own_"
"""How the code of each begins, so that none is ever taken for one that ships."""


def as_data(instrument: Instrument) -> dict[str, Any]:
    """What is stored; code and version stand in columns of their own."""
    change = instrument.meaningful
    return {
        "recall": instrument.recall.value,
        "form": instrument.form.value,
        "most": instrument.most,
        "method": instrument.method.value,
        "reversed": sorted(instrument.reversed),
        "wordings": {
            language: {
                "name": each.name,
                "lead": each.lead,
                "items": list(each.items),
                "answers": list(each.answers),
                "lowest": each.lowest,
                "highest": each.highest,
            }
            for language, each in sorted(instrument.wordings.items())
        },
        "licence": instrument.licence,
        "bands": [[band.least, band.most, band.name] for band in instrument.bands],
        "meaningful": [change.points, change.source] if change else None,
        "remission_at_most": instrument.remission_at_most,
        "clinician_rated": instrument.clinician_rated,
        "crisis_item": instrument.crisis_item,
    }


def from_data(code: str, version: int, data: Mapping[str, Any]) -> Instrument:
    """The instrument of stored data. Answers of a clinic's own instruments begin at 0."""
    return Instrument(
        code=code,
        version=version,
        recall=Recall(data["recall"]),
        least=0,
        most=data["most"],
        wordings={
            language: Wording(
                each["name"],
                each["lead"],
                tuple(each["items"]),
                tuple(each["answers"]),
                each["lowest"],
                each["highest"],
            )
            for language, each in data["wordings"].items()
        },
        licence=data["licence"],
        form=Form(data["form"]),
        method=Method(data["method"]),
        reversed=frozenset(data["reversed"]),
        bands=tuple(Band(*band) for band in data["bands"]),
        meaningful=Change(*data["meaningful"]) if data["meaningful"] else None,
        remission_at_most=data["remission_at_most"],
        clinician_rated=data["clinician_rated"],
        crisis_item=data["crisis_item"],
    )
