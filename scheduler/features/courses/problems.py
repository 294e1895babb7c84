"""What a set of dates breaks, rule by rule, in the words of the front desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from scheduler.features.courses.propose import Scene
from scheduler.features.courses.words import fault_words
from scheduler.planning import Fault, PlannedInfusion, Violation, Wish, recheck
from scheduler.planning.daybook import DayBook
from scheduler.planning.patient import patient_faults
from scheduler.planning.spacing import spacing_faults

SHUT = frozenset({Fault.CLOSED, Fault.HOLIDAY})
STAFF = frozenset({Fault.NURSES_FULL, Fault.NO_CLINICIAN})


@dataclass(frozen=True)
class Problem:
    """One rule that the set breaks: the visit it is about (None: the whole set) and a sentence.

    `gap` says that it is the distance to the visit before.
    """

    number: int | None
    words: str
    gap: bool = False


def problems_of(scene: Scene, infusions: Sequence[PlannedInfusion]) -> tuple[Problem, ...]:
    """Every rule R1 to R12 that the set breaks, visit by visit, then what concerns the whole."""
    found: list[Violation] = []
    for each in infusions:
        # One by one: what two visits of a set do to each other on one day is the spacing's to say.
        wish = Wish(each.k, each.site, each.chair, each.day, each.minute, each.type)
        found += _of_the_clinic(scene, each, recheck(scene.clinic, scene.bookings, [wish])[0])
        found += _of_the_patient(scene, each)
    found += spacing_faults(scene.request, [each.day for each in infusions])
    found.sort(key=lambda fault: fault.k or len(infusions) + 1)
    return tuple(Problem(fault.k, _sentence(fault), fault.rule == "R10") for fault in found)


def _of_the_clinic(scene: Scene, each: PlannedInfusion, faults: Sequence[Violation]) -> Iterable[Violation]:
    """R1 to R7. Where the clinic is closed nobody is on duty either; that is not said a second time.

    Days beyond the capacity that was read lie outside the search, so the spacing already says no.
    """
    if any(fault.fault is Fault.OUTSIDE_HORIZON for fault in faults):
        return
    chairs = {str(chair.id): chair for site in scene.sites for chair in site.chairs}
    chair = chairs.get(each.chair)
    name = chair.name if chair else "That chair"
    wanted = scene.request.chair_type
    if chair and wanted not in (None, chair.chair_type):
        words = f"{name} is not of the kind that this protocol asks for."
        yield Violation("R2", Fault.CHAIR_TYPE, each.k, words)
    closed = any(fault.fault in SHUT or _is_whole_site(fault) for fault in faults)
    for fault in faults:
        if closed and fault.fault in STAFF:
            continue
        if fault.fault is Fault.CHAIR_TAKEN and not _any_chair(scene, each):
            yield replace(fault, words="No chair is free then.")
        else:
            yield replace(fault, words=fault_words(fault, name))


def _of_the_patient(scene: Scene, each: PlannedInfusion) -> Iterable[Violation]:
    """R8; a time that is lost for another reason than the patient's own says that reason."""
    minutes = scene.clinic.kind(each.type).minutes
    start = datetime.combine(each.day, time()) + timedelta(minutes=each.minute)
    reasons = [
        lost.reason
        for lost in scene.lost
        if lost.start < start + timedelta(minutes=minutes) and start < lost.end
    ]
    for fault in patient_faults(scene.request, each.day, each.minute, minutes, each.k):
        yield replace(fault, words=reasons[0]) if reasons and fault.fault is Fault.BLACKOUT else fault


def _any_chair(scene: Scene, each: PlannedInfusion) -> bool:
    """Whether another chair is free then."""
    book = DayBook(scene.clinic, scene.bookings, each.site, each.day)
    return bool(book.free_chairs(scene.clinic.kind(each.type), each.minute, scene.request.chair_type))


def _is_whole_site(fault: Violation) -> bool:
    return fault.fault is Fault.CLOSURE and not fault.words.startswith("Chair ")


def _sentence(fault: Violation) -> str:
    if fault.k is None or fault.words.startswith(f"Visit {fault.k} "):
        return fault.words
    return f"Visit {fault.k}: {fault.words[0].lower()}{fault.words[1:]}"
