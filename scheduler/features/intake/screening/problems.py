"""Why an answer was not saved: it can't be read, or somebody else changed it meanwhile to something else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One answer that was not saved. `typed` is what was written; `theirs` what stands there now where two
    people wrote different things, None otherwise.
    """

    field: str
    sentence: str
    typed: str
    theirs: str | None = None
