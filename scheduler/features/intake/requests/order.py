"""What is asked for, once it is right."""

from dataclasses import dataclass
from datetime import date

PAGE, DESK = "page", "desk"
IN_PERSON, PHONE, VIDEO = "in_person", "phone", "video"
WAYS = (PHONE, VIDEO, IN_PERSON)


@dataclass(frozen=True)
class Order:
    """A request as it is taken; the fields are those of `ConsultationRequest`.

    `request_key` is the same for each copy of one form. `consent_words` is the sentence that was agreed to.
    """

    site_id: int
    source: str
    request_key: str
    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str
    consent_words: str
    half_days: tuple[str, ...] = ()
    way: str = IN_PERSON
    birth_date: date | None = None
    is_minor: bool = False
    guardian_name: str = ""
