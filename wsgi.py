"""The web application for a WSGI server: `gunicorn wsgi:app`."""

from scheduler.app import create_app
from scheduler.config import load

app = create_app(load())
