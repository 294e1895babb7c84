"""The blueprint that the pages of consultations stand on."""

from flask import Blueprint

from scheduler.features.intake.consultations.queries import slot_value

blueprint = Blueprint("consultations", __name__)
blueprint.add_app_template_global(slot_value, "slot_value")
