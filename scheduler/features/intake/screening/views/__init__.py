"""The pages of a screening; all but its settings are a clinician's."""

from scheduler.features.intake.screening.views import addenda, draft, person, settings, sign
from scheduler.features.intake.screening.views.blueprint import blueprint

__all__ = ["addenda", "blueprint", "draft", "person", "settings", "sign"]
