"""The blueprint that the views of the review hang on."""

from flask import Blueprint

blueprint = Blueprint("review", __name__)
