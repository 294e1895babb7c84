"""What a patient is found by, as rows that any database can look up by their beginning.

Neither database finds "Núñez" under "nun", nor the last four digits of a phone number, with an index
of its own that both have. So each patient has a dozen short keys, in the order of their
bytes, and whatever somebody types becomes a few ranges of that one index:

    f:lindqvist  g:marta         folded words of the family name and the given name
    n:lindqvist marta            the whole name, by which lists are sorted
    y:19860314                   birth date, year first
    b:03141986  b:031486         birth date, month and day first, with a long and a short year
    p:46701740605  p:701740605   phone, with and without the country's prefix
    t:50604710764                phone backwards, for its last digits
    e:marta@example.org          e-mail, whole, to tell who shares one
    r:rv10731  r:10731           record number, with and without the site's letters

A patient without keys can't be found: whoever writes patients writes `keys_of` them, too.
"""

import re
from datetime import date

import phonenumbers

from scheduler.features.patients.folding import NOT_A_LETTER, fold, name_words

MOST = 200
SORTED = "n:"
"""Each patient has one key of this kind only: lists would show them twice."""


def keys_of(
    *,
    given_name: str,
    family_name: str,
    birth_date: date,
    phone: str | None,
    email: str | None,
    record_number: str,
) -> frozenset[str]:
    """All keys of one patient. `phone` is E.164 or None, `email` normalised or None."""
    keys = {f"f:{word}" for word in name_words(family_name)}
    keys |= {f"g:{word}" for word in name_words(given_name)}
    keys.add(sort_key(given_name, family_name))
    keys |= {f"y:{birth_date:%Y%m%d}", f"b:{birth_date:%m%d%Y}", f"b:{birth_date:%m%d%y}"}
    keys |= _phone_keys(phone)
    keys |= {email_key(email)} if email else set()
    number = record_key(record_number)
    keys |= {f"r:{number}", f"r:{number.lstrip('abcdefghijklmnopqrstuvwxyz') or number}"}
    return frozenset(key[:MOST] for key in keys)


def sort_key(given_name: str, family_name: str) -> str:
    """What lists are sorted by: the folded family name, then the given name."""
    parts = (" ".join(fold(name).split()) for name in (family_name, given_name))
    return f"{SORTED}{' '.join(parts)}"[:MOST]


def email_key(email: str) -> str:
    """One address in one spelling: no mail server that people use tells capitals apart."""
    return f"e:{email.casefold()}"[:MOST]


def record_key(record_number: str) -> str:
    """A record number as it is compared: `RV-10731`, `rv 10731` and `RV10731` are one."""
    return NOT_A_LETTER.sub("", fold(record_number))


def _phone_keys(phone: str | None) -> set[str]:
    if not phone:
        return set()
    digits = re.sub(r"\D", "", phone)
    keys = {f"p:{digits}", f"t:{digits[::-1]}"}
    try:
        national = phonenumbers.national_significant_number(phonenumbers.parse(phone, None))
    except phonenumbers.NumberParseException:
        return keys
    return keys | {f"p:{national}"}
