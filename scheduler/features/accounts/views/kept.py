"""What was sent from a locked page: shown to its sender once the lock is open, to be sent or thrown away."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.accounts.actions.kept import take_form
from scheduler.features.accounts.locking.kept import kept_for
from scheduler.features.accounts.login import KEPT
from scheduler.features.accounts.views.blueprint import blueprint
from scheduler.web import STAFF, access, current_actor, reading, writing
from scheduler.web.inputs import any_text
from scheduler.web.local_paths import local_path


@blueprint.get("/kept")
@access(STAFF)
def kept_forms() -> ResponseReturnValue:
    """All that this browser can read again; where there is nothing left, go on."""
    key = session.get(KEPT, {}).get("key", "")
    with reading() as s:
        found = kept_for(s, current_user.user_id, key)
    back = local_path(request.args.get("next")) or url_for("accounts.home")
    if not found:
        session.pop(KEPT, None)
        return redirect(back, 303)
    return render_template("accounts/kept.html", forms=found, back=back)


@blueprint.post("/kept/<int:form_id>/send")
@access(STAFF)
@any_text
def send_kept(form_id: int) -> ResponseReturnValue:
    """Send it where it was going: the browser sends the same fields on, and there they are looked at."""
    with writing() as s:
        path = take_form(s, current_actor(), clock.now(), form_id).path
    return redirect(path, 307)


@blueprint.post("/kept/<int:form_id>/drop")
@access(STAFF)
def drop_kept(form_id: int) -> ResponseReturnValue:
    """Throw it away."""
    with writing() as s:
        page = take_form(s, current_actor(), clock.now(), form_id).page
    flash("The form is thrown away. Nothing of it was saved.", "ok")
    return redirect(url_for("accounts.kept_forms", next=page), 303)
