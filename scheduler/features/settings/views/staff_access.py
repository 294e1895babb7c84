"""What an administrator does about somebody's way in: an invitation, a second factor that was lost."""

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError
from scheduler.features.settings.actions.staff import invite_again, reset_factor
from scheduler.features.settings.leaving import person_of
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.features.settings.views.saving import FormPage, kept
from scheduler.web import access, attempt, current_actor, reading

RESET_LEAD = (
    "For somebody who lost the phone and the recovery codes. Make sure that it is really them: see them, or "
    "phone a number you know."
)


@blueprint.post("/settings/staff/<int:user_id>/invite")
@access(ADMINISTRATOR)
def invite_person(user_id: int) -> ResponseReturnValue:
    """Send somebody a link to choose their password; the one before is over."""
    with reading() as session:
        found = person_of(session, user_id)
    try:
        attempt(lambda s: invite_again(s, current_actor(), clock.now(), user_id))
    except ConflictError as error:
        flash(error.sentence, "stop")
    else:
        flash(f"An invitation is on its way to {found.email}.", "ok")
    return redirect(url_for("settings.person", user_id=user_id), 303)


@blueprint.route("/settings/staff/<int:user_id>/factor", methods=["GET", "POST"])
@access(ADMINISTRATOR)
def person_factor(user_id: int) -> ResponseReturnValue:
    """Reset the second factor of somebody who lost it, with its consequences spelled out first."""
    with reading() as session:
        found = person_of(session, user_id)
    back = url_for("settings.section", section="staff")
    page = FormPage(
        "settings/edit/factor.html",
        f"Reset the second factor of {found.name}",
        back,
        {},
        lead=RESET_LEAD,
        save="Reset it",
    )
    if request.method != "POST":
        return page.show()
    return kept(page, partial(reset_factor, user_id=user_id), f"{found.name} sets up a new second factor.")
