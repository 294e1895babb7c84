"""The blueprint that the pages of patients stand on."""

from flask import Blueprint

from scheduler.features.patients.phones import show_phone

blueprint = Blueprint("patients", __name__)

blueprint.add_app_template_filter(show_phone, "phone")
