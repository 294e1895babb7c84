"""The questions of a screening, version by version.

A version that was used once never changes: what was signed under it has to be read under it. Another wording
is another file and the next number; a draft that was begun under the old one is finished under the old one.
"""

from collections.abc import Mapping

from scheduler.features.intake.screening.form.first import FIRST
from scheduler.features.intake.screening.form.shape import Form

FORMS: Mapping[int, Form] = {form.version: form for form in (FIRST,)}
CURRENT = max(FORMS.values(), key=lambda form: form.version)
"""What a screening that begins now asks."""


def form_of(version: int) -> Form:
    """The questions of this version."""
    return FORMS[version]
