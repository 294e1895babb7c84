"""The blueprint that the pages of the desk stand on."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)
