"""The forms of an import: what is not offered is not taken."""

from collections.abc import Collection
from pathlib import PurePath

from werkzeug.datastructures import MultiDict

from scheduler.features.patients.fields import EXAMPLES
from scheduler.features.patients.imports.columns import FIELDS
from scheduler.features.patients.imports.encodings import ENCODINGS
from scheduler.features.patients.imports.matching import Matching
from scheduler.features.patients.imports.records import SEPARATORS
from scheduler.models import PatientImport

NAMES = {mark: words.lower() for mark, words in SEPARATORS.items()}
"""A tab can't stand in a form: separators go by their names."""

LONGEST_NAME = 100


def parse_matching(values: MultiDict[str, str], found: PatientImport, sites: Collection[int]) -> Matching:
    """What was chosen; where something is not on offer, what stood there before."""
    separators = {name: mark for mark, name in NAMES.items()}
    chosen = [values.get(f"column-{place}", "") for place in range(len(found.head))]
    site = values.get("site", "")
    site_id = int(site) if site.isascii() and site.isdigit() and len(site) < 10 else 0
    return Matching(
        encoding=_one_of(values.get("encoding", ""), ENCODINGS, found.encoding),
        separator=separators.get(values.get("separator", ""), found.separator),
        columns=tuple(name if name in FIELDS else "" for name in chosen),
        date_order=_one_of(values.get("order", ""), EXAMPLES, found.date_order),
        language=_one_of(values.get("language", ""), ("en", "es"), found.language),
        site_id=site_id if site_id in sites else found.site_id,
    )


def parse_number(text: str) -> int:
    """A row's number, or 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def file_name(text: str) -> str:
    """The name of a file without its folders and without what can't be seen."""
    name = PurePath(text.replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME] or "patients.csv"


def _one_of(text: str, offered: Collection[str], otherwise: str) -> str:
    return text if text in offered else otherwise
