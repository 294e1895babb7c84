"""The blueprint of what the staff see."""

from flask import Blueprint

blueprint = Blueprint("requests", __name__)
