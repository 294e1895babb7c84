"""What can be chosen at the chair: terms of adverse events, grades, what was done.

The terms are plain words that nurses use, searched by any part of them. The dictionaries that trials code
with are licensed and not shipped.
"""

from scheduler.features.infusion_logs.fields import Options

TERMS: tuple[str, ...] = (
    "Agitation", "Allergic reaction", "Anaphylaxis", "Anxiety", "Blurred vision", "Bradycardia",
    "Breathing trouble", "Bronchospasm", "Chest pain", "Chills", "Confusion", "Crying",
    "Dissociation that distresses", "Dizziness", "Double vision", "Drowsiness", "Dry mouth", "Euphoria",
    "Extravasation", "Faint", "Fall", "Fatigue", "Fever", "Flushing", "Hallucination", "Headache",
    "High blood pressure", "Infusion site pain", "Irregular heartbeat", "Itching", "Jaw clenching",
    "Laryngospasm", "Low blood pressure", "Low mood", "Low oxygen saturation", "Memory gap",
    "Muscle stiffness", "Nausea", "Nightmares", "Numbness", "Nystagmus", "Palpitations", "Panic",
    "Paranoia", "Rash", "Restlessness", "Salivation", "Sedation deeper than meant", "Seizure",
    "Slurred speech", "Suicidal thoughts", "Sweating", "Tachycardia", "Tingling", "Tremor", "Unsteady walk",
    "Urinary urgency", "Urinary pain", "Vertigo", "Vomiting", "Another event",
)  # fmt: skip
OTHER_TERM = "Another event"

# The five grades that trials count adverse events in.
GRADES: Options = (
    ("1", "1, mild"),
    ("2", "2, moderate"),
    ("3", "3, severe"),
    ("4", "4, life-threatening"),
    ("5", "5, death"),
)
EVENT_ACTIONS: Options = (
    ("none", "Nothing needed"),
    ("watched", "Watched more closely"),
    ("slowed", "Infusion slowed"),
    ("paused", "Infusion paused"),
    ("stopped", "Infusion stopped"),
    ("drug", "Rescue drug given"),
    ("clinician", "Clinician called"),
    ("hospital", "Sent to hospital"),
)
OUTCOMES: Options = (
    ("ongoing", "Still there"),
    ("better", "Getting better"),
    ("resolved", "Over"),
    ("lasting", "Left something behind"),
    ("fatal", "Fatal"),
    ("unknown", "Not known"),
)
HOLD_DONE: Options = (
    ("measured_again", "Measured again"),
    ("waited", "Waited"),
    ("not_started", "Not started"),
    ("slowed", "Infusion slowed"),
    ("paused", "Infusion paused"),
    ("stopped", "Infusion stopped"),
    ("clinician", "Clinician called"),
    ("drug", "Rescue drug"),
)
RESCUE_ROUTES: Options = (
    ("iv", "Intravenous"),
    ("im", "Intramuscular"),
    ("oral", "By mouth"),
    ("sublingual", "Under the tongue"),
    ("inhaled", "Inhaled"),
    ("nasal", "Nasal"),
)


def term_of(text: str) -> str | None:
    """The term that `text` means, whatever its capitals; None for words that are no term."""
    folded = text.casefold().strip()
    return next((term for term in TERMS if term.casefold() == folded), None)
