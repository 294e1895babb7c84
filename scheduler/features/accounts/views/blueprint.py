"""The blueprint that the files of this folder add their routes to."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
