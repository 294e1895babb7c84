"""The devices on which the pages are open, and closing them here or everywhere."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.accounts.devices.actions import end_devices
from scheduler.features.accounts.devices.queries import devices_of
from scheduler.features.portal.pages.browser import closed_page, this_device
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.private import patient
from scheduler.web import EVERYONE, access, reading, writing


@blueprint.get("/my/devices")
@access(EVERYONE)
def devices() -> ResponseReturnValue:
    """Which ones there are."""
    page, now = frame(), clock.now()
    with reading() as session:
        found = devices_of(session, page.patient_id, now)
    return render_template("portal/pages/devices.html", page=page, devices=found, own=this_device().id)


@blueprint.post("/my/devices")
@access(EVERYONE)
def close() -> ResponseReturnValue:
    """Close the pages on all devices, on one of them, or on this one."""
    device, wanted = this_device(), request.form.get("device", "")
    others = wanted.isascii() and wanted.isdigit() and len(wanted) < 10 and int(wanted) != device.id
    only = None if wanted == "all" else int(wanted) if others else device.id
    with writing() as session:
        end_devices(session, patient(), clock.now(), device.patient_id, only)
    if others:
        return redirect(url_for("pages.devices"), 303)
    return closed_page(200, "pages_left")
