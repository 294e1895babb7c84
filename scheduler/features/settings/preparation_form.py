"""From the form of an item to have ready to its facts."""

from collections.abc import Mapping, Sequence

from scheduler.features.courses.preparation.clinic_list import ItemFacts, form_of
from scheduler.features.settings.forms import Typed
from scheduler.models import PreparationItem
from scheduler.rendering.language import codes, load

LONGEST_LABEL = 24
LONGEST_WORDS = 140
FIRST = "en"


def languages() -> list[tuple[str, str]]:
    """Code and name of each language, the one that must be filled in first."""
    return sorted(((code, load(code).name) for code in codes()), key=lambda each: (each[0] != FIRST, each[0]))


def fields() -> tuple[str, ...]:
    """The names of the form's fields."""
    return tuple(labels())


def labels() -> dict[str, str]:
    """What each field is called where two people saved different values."""
    words = {f"words_{code}": f"What the patient ticks, in {name}" for code, name in languages()}
    return {"label": "Name at the desk", "protocol": "For visits of", **words}


def as_typed(item: PreparationItem) -> dict[str, str]:
    """The form's values of an item, with its version."""
    return {**form_of(item), "version": str(item.version)}


def parse_item(
    values: Mapping[str, str], protocols: Sequence[tuple[str, str]]
) -> tuple[ItemFacts, dict[str, str]]:
    """The facts and, by field, what is wrong with them; `protocols` are (id or "", name)."""
    typed = Typed(values)
    label = typed.text("label", "The name", longest=LONGEST_LABEL)
    known = {key: int(key or 0) for key, _ in protocols}
    protocol = typed.choice("protocol", known, "Choose one of the protocols, or all of them.")
    words = {
        code: typed.text(f"words_{code}", "The sentence", required=code == FIRST, longest=LONGEST_WORDS)
        for code, _ in languages()
    }
    written = {code: text for code, text in words.items() if text}
    return ItemFacts(protocol or None, label, written), typed.errors
