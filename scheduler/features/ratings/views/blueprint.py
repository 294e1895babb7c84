"""The blueprint that the views of ratings hang on."""

from flask import Blueprint

blueprint = Blueprint("ratings", __name__)
