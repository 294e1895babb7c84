"""The blueprint of calendars: files, feeds, and the page about them."""

from flask import Blueprint

blueprint = Blueprint("calendars", __name__)
