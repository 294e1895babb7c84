"""The blueprint that the pages of courses stand on."""

from flask import Blueprint

blueprint = Blueprint("courses", __name__)
