"""What two records have in common, for whoever must say whether they are one person."""

from scheduler.features.patients.data import PatientData
from scheduler.features.patients.queries import PatientHit
from scheduler.features.patients.search_keys import email_key, sort_key


def in_common(data: PatientData, hit: PatientHit) -> frozenset[str]:
    """Which of `name`, `birth_date`, `phone` and `email` are the same, case and accents aside."""
    same = {
        "name": sort_key(data.given_name, data.family_name) == sort_key(hit.given_name, hit.family_name),
        "birth_date": data.birth_date == hit.birth_date,
        "phone": data.phone is not None and data.phone == hit.phone,
        "email": bool(data.email) and email_key(data.email or "") == email_key(hit.email or ""),
    }
    return frozenset(name for name, is_same in same.items() if is_same)
