"""Every change under a cookie carries a token against forged requests."""

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf, validate_csrf
from markupsafe import Markup
from wtforms.validators import ValidationError

csrf = CSRFProtect()
OWN_PLACES = ("same-origin", "none")


def csrf_field() -> Markup:
    """The hidden input that every form of ours holds."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def init_csrf(app: Flask) -> None:
    """Switch the check on for all routes and give the templates the field."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # It ends with the log-in.
    csrf.init_app(app)
    app.jinja_env.globals["csrf_field"] = csrf_field


def check_without_referrer() -> None:
    """The same check for pages whose address is a secret, which therefore send no Referer.

    On https the usual one asks for a Referer of this site. Here the browser's own word for where a form was
    sent from stands in for it, where the browser gives one. Raises CSRFError.
    """
    if request.method not in current_app.config["WTF_CSRF_METHODS"]:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_PLACES:
        raise CSRFError("The form was sent from another site.")
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        raise CSRFError(str(error)) from error
