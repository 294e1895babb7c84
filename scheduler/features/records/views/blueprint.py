"""The blueprint that the views of records hang on."""

from flask import Blueprint

blueprint = Blueprint("records", __name__)
