"""By which ways the news of dates reaches a patient, for the words beside the button that sends it.

The same rule as everywhere decides (`outbox.contact`): an address on file is no way where the patient asked
for none, has not agreed to texts, or where mail came back.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduler.features.courses.words import listed
from scheduler.features.outbox.contact.queries import choices, ways
from scheduler.models import Patient


@dataclass(frozen=True)
class Reached:
    """The ways that are open; `invites`: mails bring an invitation; `closed`: why each other way is not."""

    mail: bool
    text: bool
    invites: bool
    closed: tuple[str, ...]

    @property
    def nobody(self) -> bool:
        """Whether no message reaches the patient, who needs a call."""
        return not (self.mail or self.text)

    @property
    def why(self) -> str:
        """`No e-mail address is on file. The patient has not agreed to texts.`"""
        return " ".join(self.closed)

    @property
    def summary(self) -> str:
        """How all dates of a course are told at once: texts are counted, so mail goes alone where it can."""
        return "one e-mail" if self.mail else "one text"

    def about(self, count: int, *, kind: str = "") -> str:
        """What goes out about `count` visits: `2 updated invitations and 2 texts`; `kind` is `updated`."""
        mail = f"{kind} invitation".strip() if self.invites else "e-mail"
        nouns = [*([mail] if self.mail else []), *(["text"] if self.text else [])]
        return listed([f"{count} {noun if count == 1 else f'{noun}s'}" for noun in nouns])


def reach_of(session: Session, patient: Patient) -> Reached:
    """By which ways the patient is reached now."""
    chosen = choices(session, patient.id)
    mail, text = ways(session, patient, chosen)
    closed = tuple(way.closed for way in (mail, text) if not way.is_open)
    return Reached(mail.is_open, text.is_open, chosen.invitations, closed)
