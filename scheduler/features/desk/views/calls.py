"""The call list: who is reached by phone only, and how each call went."""

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.courses.actions.call import note_call
from scheduler.features.courses.views.steps import said
from scheduler.features.desk.forms import choose_site, parse_call
from scheduler.features.desk.queries.calls import call_lines
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import SITE, note_list, remember
from scheduler.web import DESK, access, attempt, current_actor, reading

WORDS = {
    "reached": "Reached: it is noted.",
    "left_message": "A message was left. The call stays on the list.",
    "no_answer": "Nobody answered. The call stays on the list.",
}


@blueprint.get("/calls")
@access(DESK)
def calls() -> ResponseReturnValue:
    """Whom to phone, the nearest visit first."""
    return _page()


@blueprint.post("/courses/<int:course_id>/calls")
@access(DESK)
def call(course_id: int) -> ResponseReturnValue:
    """Write down how a call went."""
    now, actor = clock.now(), current_actor()
    try:
        form = parse_call(request.form)
        done = attempt(
            lambda s: note_call(
                s, actor, now, course_id, form.call, seen=form.seen, comes=form.comes, note=form.note
            )
        )
    except (ConflictError, RuleError) as error:
        return _page(error.sentence, course_id), error.status
    said(done, WORDS[form.call.value])
    return redirect(url_for("desk.calls"), 303)


def _page(trouble: str = "", wrong_id: int = 0) -> str:
    now = clock.now()
    with reading() as s:
        sites = kept(s).sites
        site = choose_site(sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        lines = call_lines(s, site, now)
    remember(site.id)
    note_list(now, "calls", site.id, now.date(), sum(len(line.points) for line in lines))
    return render_template(
        "desk/calls.html",
        sites=sites,
        site=site,
        lines=lines,
        trouble=trouble,
        wrong_id=wrong_id,
        typed=request.form,
    )
