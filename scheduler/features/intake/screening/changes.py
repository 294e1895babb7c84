"""What differs between two screenings of one person, question by question and line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.features.intake.screening.form.shape import Form
from scheduler.features.intake.screening.values import Answers, in_words


@dataclass(frozen=True)
class Change:
    """One question with another answer: what was said then, and what is said now; of a list only the lines
    that went and those that came.
    """

    name: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes(old: tuple[Form, Answers], new: tuple[Form, Answers]) -> Sequence[Change]:
    """What differs, in the order of the new questions, then what is no longer asked.

    The two may stand under different versions of the form: a question is the same while its name is.
    """
    was, now = in_words(*old), in_words(*new)
    labels = {**old[0].labels, **new[0].labels}
    found = []
    for name in [*now, *(name for name in was if name not in now)]:
        before, after = was.get(name, ()), now.get(name, ())
        gone = tuple(one for one in before if one not in after)
        came = tuple(one for one in after if one not in before)
        if gone or came:
            found.append(Change(name, labels[name], gone, came))
    return found
