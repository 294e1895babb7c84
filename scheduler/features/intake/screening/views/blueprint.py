"""The blueprint of the screenings."""

from flask import Blueprint

blueprint = Blueprint("screening", __name__)
