"""The blueprint that all views of the settings hang on."""

from flask import Blueprint

blueprint = Blueprint("settings", __name__)
