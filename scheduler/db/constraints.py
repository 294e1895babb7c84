"""The one place where a violated constraint becomes an error of the clinic.

The database has the last word on double bookings, reused keys and the like; the code
asks first only to be polite. Both databases report violations differently: PostgreSQL
names the constraint, SQLite names a trigger's message, a CHECK, or the columns of a unique index.
"""

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError

from scheduler.db.base import Base
from scheduler.errors import BusyError, ConflictError, SixfoldError

SENTENCES = {
    "ex_infusions_chair": "That chair was taken a moment ago.",
    "ex_infusions_patient": "This patient already has a visit at that time.",
    "uq_courses_booking_key": "This course was booked already.",
    "uq_infusions_open_number": "This course already has a visit with that number.",
    "uq_patients_record_number": "Another patient has this record number.",
    "uq_users_email": "Somebody else signs in with this e-mail address.",
    "ex_consultations_clinician": "That clinician's time was taken a moment ago. Choose another time.",
    "uq_consultations_open": "Somebody else booked a consultation for this request a moment ago.",
    "uq_consultations_booking_key": "This consultation was booked already.",
    "uq_consultation_requests_request_key": "This request has arrived already.",
    "uq_messages_dedupe_key": "This message was written already.",
    "uq_staff_tasks_dedupe_key": "Somebody else did the same a moment ago. Look again.",
    "uq_waiting_entries_visit": "This visit is on the waiting list already.",
    "uq_waiting_entries_course": "This course is on the waiting list already.",
    "uq_ratings_current": "This rating was recorded a moment ago.",
    "uq_ratings_current_of_course": "This rating was recorded a moment ago.",
    "uq_signed_records_course": "Somebody else signed this course log a moment ago.",
    "uq_signed_records_infusion_id": "Somebody else signed this log a moment ago.",
    "uq_co_signatures_signed_record_id": "Somebody else signed this course log second a moment ago.",
    "uq_consent_signatures_key": "This was signed a moment ago.",
    "ck_published_consent": "This text is published and never changes. Begin a new version of it.",
    "ck_signed_consent": "A signed consent stays as it was signed. It can be withdrawn, once.",
    "ck_signed_screening": "This screening is signed. What has to be set right becomes an addendum.",
    "ck_signed_log": "This log is signed. What has to be set right becomes an addendum beside it.",
    "ck_signed_course": "This course log is signed. What has to be set right becomes an addendum beside it.",
}
CHANGED_MEANWHILE = "Somebody else changed this a moment ago. Open it again, look, and change it then."
TRANSIENT = {"40001", "40P01", "55P03"}
UNREACHABLE = "The database can't be reached just now. Nothing was saved. Try again in a minute."
READ_ONLY = "The database can't be written just now. Nothing was saved. Tell the person who runs Sixfold."
LOCKED = "The database is busy. Nothing was saved. Try again."
NO_TABLES = "The database is being set up or brought up to date. Nothing was saved. Try again in a minute."
FULL = "The disk of the database is full. Nothing was saved. Tell the person who runs Sixfold."


def constraint_name(error: IntegrityError) -> str | None:
    """The name of the constraint that `error` violates, as the migrations name it."""
    diag = getattr(error.orig, "diag", None)
    if diag is not None:
        return str(diag.constraint_name) if diag.constraint_name else None
    text = str(error.orig)
    head, sign, rest = text.partition(" constraint failed: ")
    if not sign:
        return text if text.startswith(("ex_", "uq_", "ck_")) else None
    if head == "UNIQUE":
        return _unique_name(rest)
    return rest.strip()


def domain_error(error: IntegrityError) -> SixfoldError | None:
    """The clinic's sentence for a violated constraint, or None where there is none."""
    name = constraint_name(error)
    if name is None or name not in SENTENCES:
        return None
    return ConflictError(SENTENCES[name], constraint=name)


def is_transient(error: DBAPIError) -> bool:
    """Whether the same transaction may well pass when it is run again."""
    return getattr(error.orig, "sqlstate", None) in TRANSIENT


def unavailable(error: DBAPIError) -> BusyError | None:
    """A calm sentence for a database that can't serve, or None for a mistake of ours."""
    state = getattr(error.orig, "sqlstate", None) or ""
    text = str(error.orig).lower()
    if "readonly" in text or "read-only" in text or state == "25006":
        return BusyError(READ_ONLY)
    if "disk is full" in text or state == "53100":
        return BusyError(FULL)
    if "locked" in text or "busy" in text:
        return BusyError(LOCKED)
    if "no such table" in text or state == "42P01":
        return BusyError(NO_TABLES)
    if (
        "unable to open" in text
        or "disk i/o" in text
        or "not a database" in text
        or "malformed" in text
        or error.connection_invalidated
        or state[:2] in {"08", "57"}
    ):
        return BusyError(UNREACHABLE)
    if type(error.orig).__name__ == "OperationalError" and hasattr(error.orig, "sqlstate") and not state:
        return BusyError(UNREACHABLE)
    return None


def _unique_name(columns: str) -> str | None:
    """`courses.booking_key` or `index 'uq_…'`, as SQLite puts it, to the constraint's name."""
    if columns.startswith("index "):
        return columns.removeprefix("index ").strip("' ")
    pairs = [item.strip().split(".") for item in columns.split(",")]
    table = Base.metadata.tables.get(pairs[0][0])
    if table is None:
        return None
    wanted = {pair[1] for pair in pairs}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and {c.name for c in constraint.columns} == wanted:
            return str(constraint.name)
    for index in table.indexes:
        if index.unique and {c.name for c in index.columns} == wanted:
            return str(index.name)
    return None
