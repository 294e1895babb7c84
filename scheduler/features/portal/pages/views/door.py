"""The door: a link, a birth date, and the pages are open in this browser.

`look_in` and `come_in` serve every kind of link that asks for the birth date; each kind has its own address.
"""

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.accounts.devices.actions import end_devices, open_device
from scheduler.features.accounts.devices.tries import (
    LinkRestsError,
    begin_try,
    fits,
    try_failed,
    try_succeeded,
)
from scheduler.features.outbox.links import pages_holder
from scheduler.features.portal.pages.browser import found_device, keep
from scheduler.features.portal.pages.entrance import Entrance, Holder, entrance_of
from scheduler.features.portal.pages.forms import Entering, read_entering
from scheduler.features.portal.private import opened_by, patient, private_blueprint
from scheduler.web import EVERYONE, access, writing

blueprint = private_blueprint("pages_door", {404: "pages_dead"})


@dataclass(frozen=True)
class Door:
    """One kind of link: who knows its holders, where its form goes, and what lies behind it."""

    token: str
    holder: Holder
    action: str
    leads_to: str


@blueprint.get("/p/<token>")
@access(EVERYONE)
def look(token: str) -> ResponseReturnValue:
    """Ask for the birth date; whoever has the pages open in this browser comes straight in."""
    return look_in(_pages(token))


@blueprint.post("/p/<token>")
@access(EVERYONE)
def enter(token: str) -> ResponseReturnValue:
    """Take the birth date."""
    return come_in(_pages(token))


def look_in(door: Door) -> ResponseReturnValue:
    """The page of a door. Raises NotFoundError for a link that opens nothing."""
    found = _open(door)
    device = found_device()
    if device is not None and device.patient_id == found.patient_id:
        return redirect(door.leads_to, 303)
    return _page(door, found)


def come_in(door: Door) -> ResponseReturnValue:
    """Open the pages where the birth date fits; the try is counted before anybody looks at it."""
    found, form = _open(door), read_entering(request.form)
    if form.born is None:
        return _page(door, found, form, "no_date"), 422
    now, actor = clock.now(), patient()
    try:
        with writing() as session:
            begin_try(session, now, found.link_id, actor.address)
    except LinkRestsError as rests:
        return _page(door, _open(door), form, "rests"), rests.status
    with writing() as session:
        if not fits(session, found.link_id, form.born):
            try_failed(session, actor, now, found.link_id)
            raw = ""
        else:
            try_succeeded(session, now, found.link_id)
            other = found_device()
            if other is not None:  # The browser goes over to whoever has just come in.
                end_devices(session, actor, now, other.patient_id, other.id)
            agent = request.user_agent.string
            raw = open_device(session, actor, now, found.patient_id, agent, remember=form.remember)
    if not raw:
        return _page(door, found, form, "no_fit"), 403
    return keep(_onward(door), raw, remember=form.remember)


def _onward(door: Door) -> Response:
    return make_response(redirect(door.leads_to, 303))


def _pages(token: str) -> Door:
    return Door(token, pages_holder, url_for("pages_door.enter", token=token), url_for("pages.home"))


def _open(door: Door) -> Entrance:
    return opened_by(lambda session: entrance_of(session, door.token, clock.now(), door.holder))


def _page(door: Door, found: Entrance, form: Entering | None = None, error: str = "") -> str:
    error = "rests" if found.rests_until else error
    return render_template("portal/pages/door.html", door=door, page=found, form=form, error=error)
