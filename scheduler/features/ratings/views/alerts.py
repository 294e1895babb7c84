"""The page of alerts for those who must see them, and what the clinic wants to be told about."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.capacity.kept import kept
from scheduler.features.ratings.alerts.rule_form import kind_of, read_filters, read_rule
from scheduler.features.ratings.alerts.words import rule_lines
from scheduler.features.ratings.views.blueprint import blueprint
from scheduler.features.tasks.alert_page import SIZE, AlertPage, Wanted, alert_page
from scheduler.features.tasks.alert_words import TITLES, URGENCY
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerting.rules import rules
from scheduler.features.tasks.alerting.save_rule import save_rule
from scheduler.web import ADMINISTRATOR, CHARTING, CLINICIAN, access, attempt, current_actor, reading, writing


@blueprint.get("/alerts")
@access(CHARTING)
def alerts() -> ResponseReturnValue:
    """What waits for this person, or what ended."""
    return _list()


@blueprint.post("/alerts/<int:alert_id>")
@access(CLINICIAN)
def acknowledge_alert(alert_id: int) -> ResponseReturnValue:
    """Write down what was done about an alert of the list."""
    words, now, actor = request.form.get("what_was_done", ""), clock.now(), current_actor()
    try:
        attempt(lambda s: acknowledge(s, actor, now, alert_id, words))
    except (RuleError, ConflictError) as error:
        return _list(wrong=alert_id, typed=words, trouble=error.sentence), error.status
    flash("What was done is recorded.", "ok")
    return redirect(url_for("ratings.alerts", **_chosen()), 303)


@blueprint.get("/settings/alerts")
@access(ADMINISTRATOR)
def alert_rules() -> ResponseReturnValue:
    """Every kind of alert with who must see it and from when on it is raised."""
    return _rules()


@blueprint.post("/settings/alerts/<kind>")
@access(ADMINISTRATOR)
def save_alert_rule(kind: str) -> ResponseReturnValue:
    """Change the rule of a kind."""
    found, now, actor = kind_of(kind), clock.now(), current_actor()
    try:
        rule = read_rule(found, request.form)
        attempt(lambda s: save_rule(s, actor, now, found, rule))
    except RuleError as error:
        return _rules(wrong=kind, errors={error.extra["field"]: error.sentence}), error.status
    except ConflictError as error:
        return _rules(wrong=kind, sentence=error.sentence), error.status
    flash("The rule is saved.", "ok")
    return redirect(url_for("ratings.alert_rules"), 303)


def _list(**shown: Any) -> str:
    is_past, kind, site_id, number = read_filters(request.args)
    may_end = bool(CLINICIAN & current_user.roles)
    with reading() as s:
        page = alert_page(s, Wanted(may_end, is_past, kind, site_id, number))
        sites = [(site.id, site.name) for site in kept(s).sites]
    _note(page)
    return render_template(
        "ratings/alerts.html",
        page=page,
        is_past=is_past,
        kind=kind.value if kind else "",
        site=site_id or "",
        kinds=[(one.value, TITLES[one]) for one in URGENCY],
        sites=sites,
        may_end=may_end,
        chosen=_chosen(),
        newer=url_for("ratings.alerts", **{**_chosen(), "page": number - 1}) if number > 1 else None,
        older=url_for("ratings.alerts", **{**_chosen(), "page": number + 1})
        if number * SIZE < page.total
        else None,
        **{"wrong": 0, "typed": "", "trouble": "", **shown},
    )


def _chosen() -> dict[str, Any]:
    """The filters as they stand in the address."""
    return {name: request.args[name] for name in ("show", "kind", "site") if request.args.get(name)}


def _note(page: AlertPage) -> None:
    now, actor = clock.now(), current_actor()
    patients = sorted({line.alert.patient_id for line in page.lines if line.alert.patient_id})
    with writing() as s:
        record(s, actor, now, "alerts.listed", "alert")
        for patient_id in patients:
            record_read(s, actor, now, "patient", patient_id, patient_id)


def _rules(**shown: Any) -> str:
    with reading() as s:
        lines = rule_lines(rules(s))
    return render_template(
        "ratings/alert_rules.html",
        lines=lines,
        form=request.form,
        **{"wrong": "", "errors": {}, "sentence": "", **shown},
    )
