"""The blueprint that the views of the chart hang on."""

from flask import Blueprint

blueprint = Blueprint("infusion_logs", __name__)
