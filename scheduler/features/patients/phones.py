"""Phone numbers: typed in any way, stored as E.164, shown as people of the site's country write them."""

from collections.abc import Iterator

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from scheduler.features.patients.refused import Refused

LONGEST = 40
NOT_ONE = "Write the number in digits, such as {example}."
WHY = {
    ValidationResult.TOO_SHORT: "This number has too few digits. Write the whole number.",
    ValidationResult.TOO_LONG: "This number has too many digits. Write one number only.",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "This number lacks its area code. Write it with the area code.",
    ValidationResult.INVALID_COUNTRY_CODE: "No country has this prefix. Check the digits after the +.",
}
ELSEWHERE = "No phone has this number. Check the digits; begin with + and the prefix for one abroad."


def read_phone(text: str, country: str) -> str | None:
    """What was typed, as E.164, or None for nothing. Without a prefix the number is of `country` (ISO 3166).

    Raises Refused with the sentence to show.
    """
    typed = text.strip()
    if not typed:
        return None
    if len(typed) > LONGEST:
        raise Refused(f"A phone number has at most {LONGEST} characters. Write one number only.")
    tries = list(_readings(typed, country))
    if not tries:
        raise Refused(NOT_ONE.format(example=_example(country)))
    valid = next((number for number in tries if phonenumbers.is_valid_number(number)), None)
    if valid is None:
        raise Refused(WHY.get(phonenumbers.is_possible_number_with_reason(tries[0]), ELSEWHERE))
    if valid.extension:
        raise Refused("A number with an extension gets no text messages. Leave the extension out.")
    return phonenumbers.format_number(valid, PhoneNumberFormat.E164)


def show_phone(number: str | None, country: str) -> str:
    """E.164 as it is dialled: without the prefix inside `country`, with it elsewhere."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number
    is_home = parsed.country_code == phonenumbers.country_code_for_region(country)
    return phonenumbers.format_number(
        parsed, PhoneNumberFormat.NATIONAL if is_home else PhoneNumberFormat.INTERNATIONAL
    )


def _readings(typed: str, country: str) -> Iterator[phonenumbers.PhoneNumber]:
    """As dialled in the country; 00 is the world's usual way to write +, where the country has another."""
    texts = [typed, f"+{typed[2:]}"] if typed.startswith("00") else [typed]
    for text in texts:
        try:
            yield phonenumbers.parse(text, country)
        except NumberParseException:
            continue


def _example(country: str) -> str:
    example = phonenumbers.example_number(country)
    if example is None:
        return "+44 20 7946 0018"
    return phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
