"""What is kept for how long, what is past its time, and the runs that delete it. For administrators."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.records.actions.ask import ask_run, stamp, stop_run
from scheduler.features.records.actions.rules import save_rule
from scheduler.features.records.forms import rule, words
from scheduler.features.records.kinds import BY_NAME, KINDS
from scheduler.features.records.queries.holds import open_holds
from scheduler.features.records.queries.people import by_number
from scheduler.features.records.queries.retention import preview, removals, runs
from scheduler.features.records.queries.rules import rules
from scheduler.features.records.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, access, attempt, current_actor, reading

UNSURE = "Tick that you have looked at what goes. Nothing was deleted."


@blueprint.get("/settings/retention")
@access(ADMINISTRATOR)
def retention() -> ResponseReturnValue:
    """The page; for htmx the runs alone, while one is under way."""
    if request.headers.get("HX-Request"):
        with reading() as session:
            found = runs(session, clock.now())
        return render_template("records/_runs.html", runs=found, working=any(run.is_working for run in found))
    return _page()


@blueprint.get("/settings/retention/record")
@access(ADMINISTRATOR)
def find() -> ResponseReturnValue:
    """To the record with a number."""
    number = request.args.get("number", "")
    try:
        with reading() as session:
            found = by_number(session, number)
    except NotFoundError as error:
        return _page("find", error.sentence, {"number": number}), 404
    return redirect(url_for("records.show", patient_id=found), 303)


@blueprint.post("/settings/retention/<any(chart,logs,messages):kind>")
@access(ADMINISTRATOR)
def save(kind: str) -> ResponseReturnValue:
    """Save the years of one kind."""
    which = BY_NAME[kind]
    try:
        wanted = rule(request.form)
        attempt(lambda session: save_rule(session, current_actor(), clock.now(), which.kind, wanted))
    except (RuleError, ConflictError) as error:
        return _page(kind, error.sentence, request.form, str(error.extra.get("field", ""))), error.status
    flash(f"{which.name}: the years are saved.", "ok")
    return redirect(url_for("records.retention"), 303)


@blueprint.post("/settings/retention/runs")
@access(ADMINISTRATOR)
def ask() -> ResponseReturnValue:
    """Ask the worker to delete what is due."""
    if not request.form.get("sure"):
        return _page("run", UNSURE), 422
    seen = words(request.form, "seen")
    try:
        attempt(lambda session: ask_run(session, current_actor(), clock.now(), seen))
    except (RuleError, ConflictError) as error:
        return _page("run", error.sentence), error.status
    flash("The deletion is under way. You can leave this page.", "ok")
    return redirect(url_for("records.retention"), 303)


@blueprint.post("/settings/retention/runs/<int:run_id>/stop")
@access(ADMINISTRATOR)
def stop(run_id: int) -> ResponseReturnValue:
    """Stop a run."""
    with reading() as session:
        if run_id not in [run.run_id for run in runs(session, clock.now())]:
            raise NotFoundError("There is no such deletion.")
    if attempt(lambda session: stop_run(session, current_actor(), clock.now(), run_id)):
        flash("The deletion is stopped. What went before is gone.", "ok")
    return redirect(url_for("records.retention"), 303)


def _page(form: str = "", sentence: str = "", typed: object = None, wrong: str = "") -> str:
    """The page; `sentence` says what is wrong with which `form`, in the field `wrong`, and what was typed
    comes back in it.
    """
    now = clock.now()
    with reading() as session:
        due, found = preview(session, now), runs(session, now)
        known, holds, gone = rules(session), open_holds(session), removals(session)
    return render_template(
        "records/retention.html",
        kinds=[(each, known[each.kind]) for each in KINDS],
        due=due,
        seen=stamp(due.people, due.messages.count),
        runs=found,
        working=any(run.is_working for run in found),
        holds=holds,
        removals=gone,
        form=form,
        sentence=sentence,
        typed=typed or {},
        wrong=wrong,
    )
