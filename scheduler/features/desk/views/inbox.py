"""The desk's inbox: what came from patients and what did not reach them, each with its next step."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.courses.actions.respond import confirm
from scheduler.features.desk.forms import choose_site
from scheduler.features.desk.inbox_forms import ABOUT, Deed, parse_deed, parse_version
from scheduler.features.desk.queries.inbox import Inbox, inbox
from scheduler.features.desk.views.blueprint import blueprint
from scheduler.features.desk.views.shared import SITE, note_list, remember
from scheduler.features.outbox.actions import resend
from scheduler.features.outbox.actions.let_be import let_be
from scheduler.features.outbox.resendable import can_resend
from scheduler.features.tasks.actions import put_off, settle_task
from scheduler.features.tasks.words import shown
from scheduler.web import DESK, access, attempt, current_actor, reading, writing
from scheduler.web.filters import day as day_words


@blueprint.get("/inbox", endpoint="inbox")
@access(DESK)
def show_inbox() -> ResponseReturnValue:
    """All that waits, or one kind of it."""
    return _page()


@blueprint.post("/inbox/tasks/<int:task_id>")
@access(DESK)
def inbox_task(task_id: int) -> ResponseReturnValue:
    """Say how a task was settled, or put it off to a day."""
    now, actor = clock.now(), current_actor()
    deed = Deed()
    try:
        deed = parse_deed(request.form)
        with writing() as s:
            if deed.until is None:
                settle_task(s, actor, now, task_id, deed.outcome)
                said = "It is settled."
            else:
                put_off(s, actor, now, task_id, deed.until, _today(now))
                said = f"It is back on {day_words(deed.until)}."
    except (RuleError, ConflictError) as error:
        return _page(error.sentence, f"t{task_id}"), error.status
    return _back(said)


@blueprint.post("/inbox/messages/<int:message_id>")
@access(DESK)
def inbox_message(message_id: int) -> ResponseReturnValue:
    """Send a message again, or say how it was settled otherwise."""
    now, actor = clock.now(), current_actor()
    try:
        with writing() as s:
            if request.form.get("do") == "resend":
                resend(s, actor, now, message_id)
                said = "The message is in the queue again and goes out within a minute."
            else:
                let_be(s, actor, now, message_id, request.form.get("outcome", ""))
                said = "It is settled. The message is not sent."
    except (RuleError, ConflictError) as error:
        return _page(error.sentence, f"m{message_id}"), error.status
    return _back(said)


@blueprint.post("/inbox/visits/<int:infusion_id>")
@access(DESK)
def inbox_visit(infusion_id: int) -> ResponseReturnValue:
    """The patient said on the phone that they come."""
    now, actor = clock.now(), current_actor()
    try:
        version = parse_version(request.form)
        done = attempt(lambda s: confirm(s, actor, now, infusion_id, "desk", seen_version=version))
    except (RuleError, ConflictError) as error:
        return _page(error.sentence, f"v{infusion_id}"), error.status
    return _back("Confirmed: it is noted." if done else "It was confirmed already.")


def _today(now: datetime) -> date:
    with reading() as s:
        site = choose_site(kept(s).sites, request.args.get("site"), session.get(SITE), current_user.site_id)
    return now.astimezone(ZoneInfo(site.tz)).date()


def _back(said: str) -> ResponseReturnValue:
    flash(said, "ok")
    about = request.args.get("about", "")
    return redirect(url_for("desk.inbox", about=about if about in ABOUT else None), 303)


def _page(trouble: str = "", wrong: str = "") -> str:
    now = clock.now()
    about = request.args.get("about", "")
    with reading() as s:
        sites = kept(s).sites
        site = choose_site(sites, request.args.get("site"), session.get(SITE), current_user.site_id)
        found = inbox(s, site, now)
    remember(site.id)
    note_list(now, "inbox", site.id, found.today, _size(found))
    return render_template(
        "desk/inbox.html",
        sites=sites,
        site=site,
        about=about if about in ABOUT else "",
        found=found,
        groups={
            name: [shown(line) for line in found.tasks if line.task.kind in kinds]
            for name, kinds in ABOUT.items()
        },
        later=[(shown(line), line.task.later_until) for line in found.later],
        again={line.id for line in found.messages if can_resend(line.status, line.visit_at, now)},
        trouble=trouble,
        wrong=wrong,
        typed=request.form,
    )


def _size(found: Inbox) -> int:
    return sum(map(len, (found.tasks, found.later, found.messages, found.visits)))
