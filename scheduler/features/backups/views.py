"""The administrator's page of backups: the last good one, the list, and one button."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.backups.actions.ask import ask_backup
from scheduler.features.backups.folder import folder_of
from scheduler.features.backups.queries import backups_page
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing

blueprint = Blueprint("backups", __name__)


@blueprint.get("/settings/backups")
@access(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """What was backed up, when, and what went wrong."""
    folder = folder_of(current_app.extensions["sixfold"])
    with reading() as session:
        page = backups_page(session, clock.now(), folder.every)
    hours = int(folder.every.total_seconds() // 3600) if folder.every else 0
    return render_template("backups/index.html", page=page, folder=folder, hours=hours)


@blueprint.post("/settings/backups")
@access(ADMINISTRATOR)
def ask() -> ResponseReturnValue:
    """Ask the worker for one now; a second click finds the first one waiting."""
    with writing() as session:
        ask_backup(session, current_actor(), clock.now())
    flash("The worker makes a backup now. It shows here when it is done.", "ok")
    return redirect(url_for("backups.index"), 303)
