"""The blueprint that the views of interchange hang on."""

from flask import Blueprint

blueprint = Blueprint("interchange", __name__)
