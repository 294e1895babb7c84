"""A protocol as it is typed: the numbers of its rules, and a row for each phase of a visit."""

from collections.abc import Mapping

from scheduler.errors import RuleError
from scheduler.features.capacity.actions.protocols import PhaseFacts, ProtocolFacts
from scheduler.features.settings.site_form import Reader, line, number

ROWS = 6
KINDS = {"": "Any chair, bed or room", "chair": "A chair", "bed": "A bed", "room": "A room"}
RATIOS = ("1", "2", "3", "4", "6")
NUMBERS = {  # field: label, least, most
    "infusions": ("Infusions", 1, 24),
    "gap_min": ("Least days between two", 1, 60),
    "gap_target": ("Best", 1, 60),
    "gap_max": ("Most", 1, 60),
    "span_min": ("First to last, least days", 1, 365),
    "span_max": ("Most", 1, 365),
    "recovery_gap_max": ("When missed dates are made up: most days between two", 1, 120),
    "recovery_span_max": ("First to last, most days", 1, 730),
}
LABELS = {
    "name": "Name",
    **{name: label for name, (label, _, _) in NUMBERS.items()},
    "chair_type": "Where",
    "site_ids": "Offered at",
    "phases": "Phases",
}
SINGLE = {name: "1" for name in NUMBERS if name != "infusions"}
PARTS = ("name", "minutes", "nurse", "clinician")
PHASE_FIELDS = tuple(f"phase{row}_{part}" for row in range(ROWS) for part in PARTS)
FIELDS = ("name", *NUMBERS, "chair_type", *PHASE_FIELDS, "version")
BLANK = {
    **dict.fromkeys(FIELDS, ""), "infusions": "6", "gap_min": "2", "gap_target": "2", "gap_max": "3",
    "span_min": "11", "span_max": "14", "recovery_gap_max": "5", "recovery_span_max": "21",
}  # fmt: skip


def read_protocol(
    typed: Mapping[str, str], site_ids: tuple[int, ...]
) -> tuple[ProtocolFacts | None, dict[str, str]]:
    """The facts, or by field what is wrong. A single infusion needs no distances."""
    errors: dict[str, str] = {}
    values: dict[str, int] = {}
    wanted = {**typed, **(SINGLE if typed.get("infusions", "").strip() == "1" else {})}
    name = str(_read(line("The name", 60), wanted, "name", errors))
    for field, (_, least, most) in NUMBERS.items():
        values[field] = int(str(_read(number(least, most), wanted, field, errors) or 0))
    if wanted.get("chair_type", "") not in KINDS:
        errors["chair_type"] = "Choose one of the list."
    phases = tuple(_phase(wanted, row, errors) for row in range(ROWS) if _is_used(wanted, row))
    if errors:
        return None, errors
    kind = wanted.get("chair_type") or None
    return ProtocolFacts(name=name, site_ids=site_ids, chair_type=kind, phases=phases, **values), {}


def typed_protocol(facts: ProtocolFacts, revision: int) -> dict[str, str]:
    """The protocol as its form shows it."""
    typed = {**BLANK, "name": facts.name, "chair_type": facts.chair_type or "", "version": str(revision)}
    typed.update((name, str(getattr(facts, name))) for name in NUMBERS)
    for row, phase in enumerate(facts.phases):
        typed[f"phase{row}_name"] = phase.name
        typed[f"phase{row}_minutes"] = str(phase.minutes)
        typed[f"phase{row}_nurse"] = str(phase.patients_per_nurse)
        typed[f"phase{row}_clinician"] = "1" if phase.clinician_present else ""
    return typed


def _is_used(typed: Mapping[str, str], row: int) -> bool:
    return any(typed.get(f"phase{row}_{part}", "").strip() for part in ("name", "minutes"))


def _phase(typed: Mapping[str, str], row: int, errors: dict[str, str]) -> PhaseFacts:
    name = str(_read(line("The phase's name", 40), typed, f"phase{row}_name", errors))
    minutes = int(str(_read(number(10, 600), typed, f"phase{row}_minutes", errors) or 0))
    if minutes % 10:
        errors[f"phase{row}_minutes"] = "Write whole ten minutes: visits are planned on them."
    ratio = typed.get(f"phase{row}_nurse", "") or "1"
    if ratio not in RATIOS:
        errors[f"phase{row}_nurse"], ratio = "Choose one of the list.", "1"
    return PhaseFacts(name, minutes, int(ratio), typed.get(f"phase{row}_clinician", "") == "1")


def _read(reader: Reader, typed: Mapping[str, str], field: str, errors: dict[str, str]) -> object:
    try:
        return reader(typed.get(field, ""), typed)
    except RuleError as error:
        errors[field] = error.sentence
        return ""


def phases_words(typed: Mapping[str, str]) -> str:
    """The typed phases in a line, to hold two people's side by side."""
    said = []
    for row in range(ROWS):
        name, minutes, nurse, clinician = (typed[f"phase{row}_{part}"] for part in PARTS)
        if name or minutes:
            said.append(
                f"{name} {minutes} min, one nurse to {nurse}{' with a clinician' if clinician else ''}"
            )
    return "; ".join(said)
