"""Phone numbers as people read them out."""

import phonenumbers


def readable(number: str) -> str:
    """Write an E.164 number with its country code and in groups; anything else stays as it is."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
