"""Facts for rendering tests: a clinic, and hypothesis-made ones."""

import string
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from scheduler.rendering.discreet import find_banned
from scheduler.rendering.facts import ClinicFacts, EventFacts, Locale, VisitFacts
from scheduler.rendering.language import codes, load

CLINIC = ClinicFacts("Riverside Clinic", "desk@riverside.example")
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe")


def visit(starts_at: datetime, tz: str = "Europe/Berlin", place: str = "Riverside") -> VisitFacts:
    """One visit at the usual place."""
    return VisitFacts(starts_at, tz, place, "12 River Street, 10115 Berlin", "+49 30 1234567")


def event(starts_at: datetime, uid: str = "a1@sixfold", tz: str = "Europe/Berlin") -> EventFacts:
    """One calendar entry of two hours, as first written."""
    written = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    return EventFacts(
        uid,
        0,
        written,
        written,
        starts_at + timedelta(hours=2),
        "desk@riverside.example",
        visit(starts_at, tz),
    )


def _is_discreet(text: str) -> bool:
    return bool(text.strip()) and not any(find_banned(text, load(code).banned) for code in codes())


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60
).filter(_is_discreet)
PLAIN = st.text(string.ascii_letters + string.digits + " ,.&<>\"'/", min_size=1, max_size=120).filter(
    _is_discreet
)
VISITS = st.builds(
    VisitFacts,
    starts_at=st.integers(0, 10 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    tz=st.sampled_from(ZONES),
    place_name=NAMES,
    address=PLAIN,
    phone=st.from_regex(r"\+[1-9][0-9 ]{6,14}", fullmatch=True),
)
CLINICS = st.builds(ClinicFacts, discreet_name=NAMES, from_address=st.just("desk@clinic.example"))
LOCALES = st.builds(Locale, date_order=st.sampled_from(("dmy", "mdy", "ymd")), clock24=st.booleans())
LANGUAGES = st.sampled_from(codes())
