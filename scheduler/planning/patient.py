"""Whether a patient can come at a given time (R8), said in words."""

from datetime import date, datetime, timedelta

from scheduler.planning.request import Request
from scheduler.planning.violation import Fault, Violation, clock


def patient_faults(request: Request, day: date, minute: int, minutes: int, k: int | None) -> list[Violation]:
    """What a visit of `minutes` from local `minute` of `day` breaks of the patient's own times."""
    faults = []
    windows = request.availability.weekly.get(day.weekday(), ())
    if not any(start <= minute and minute + minutes <= end for start, end in windows):
        times = " or ".join(f"{clock(start)} to {clock(end)}" for start, end in windows)
        words = f"The patient can come {times} that day." if times else "The patient can't come that day."
        faults.append(Violation("R8", Fault.PATIENT_HOURS, k, words))
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
    start, end = midnight + timedelta(minutes=minute), midnight + timedelta(minutes=minute + minutes)
    if any(away.start < end and start < away.end for away in request.availability.blackouts):
        faults.append(Violation("R8", Fault.BLACKOUT, k, "The patient is away then."))
    return faults
