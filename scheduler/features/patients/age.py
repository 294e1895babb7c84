"""Who is under age: a guardian asks and signs for them, and nothing is booked without one."""

from datetime import date

from scheduler.models import Patient

ADULT = 18
NO_GUARDIAN = (
    "{} is under 18 and has no guardian. Write on their record who signs for them, or let a clinician "
    "name them in a screening."
)


def is_minor(birth_date: date, today: date) -> bool:
    """Whether somebody is under 18; who is born on 29 February comes of age on 1 March."""
    years = today.year - birth_date.year
    return years - ((today.month, today.day) < (birth_date.month, birth_date.day)) < ADULT


def lacks_guardian(patient: Patient, day: date) -> bool:
    """Whether a patient is under 18 on that day, and nobody is known who signs for them."""
    return not patient.guardian_name and is_minor(patient.birth_date, day)
