"""Every change under a cookie carries a token against forged requests."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

csrf = CSRFProtect()


def csrf_field() -> Markup:
    """The hidden input that every form of ours holds."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def init_csrf(app: Flask) -> None:
    """Switch the check on for all routes and give the templates the field."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # It ends with the log-in.
    csrf.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field
