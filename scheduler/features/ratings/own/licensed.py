"""Names of instruments that belong to somebody who sells or forbids their use.

They must not be copied into a clinic's own by mistake, so whoever writes one under such a name is told, and
says that the clinic holds the licence (CLINICAL.md, section 3).
"""

import re

NAMES: tuple[tuple[str, str], ...] = (
    (r"\bstai\b|state.trait anxiety", "STAI"),
    (r"\bbai\b|beck.s? anxiety", "BAI"),
    (r"\bbdi\b|beck.s? depression", "BDI"),
    (r"\bqids\b|quick inventory of depressive", "QIDS"),
    (r"\bcadss\b|clinician.administered dissociative", "CADSS"),
    (r"\bhads\b|hospital anxiety and depression", "HADS"),
)


def licensed_name(name: str) -> str:
    """The short name of the licensed instrument that `name` looks like; empty for none."""
    plain = name.casefold()
    return next((short for pattern, short in NAMES if re.search(pattern, plain)), "")
