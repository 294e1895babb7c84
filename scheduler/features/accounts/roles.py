"""The roles in words."""

from collections.abc import Iterable

from scheduler.models import Role

WORDS = {
    Role.FRONT_DESK: "Front desk",
    Role.NURSE: "Nurse",
    Role.CLINICIAN: "Clinician",
    Role.ADMINISTRATOR: "Administrator",
}


def role_line(roles: Iterable[Role]) -> str:
    """`Nurse`, `Clinician and administrator`; in the order of the table, empty where there is none."""
    held = set(roles)
    words = [word for role, word in WORDS.items() if role in held]
    if not words:
        return ""
    line = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    return line.capitalize()
