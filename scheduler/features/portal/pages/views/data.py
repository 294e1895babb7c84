"""My data: what is held, said and to take along."""

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.portal.pages.browser import this_device
from scheduler.features.portal.pages.queries.data import own_data
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.private import patient
from scheduler.web import EVERYONE, access, reading, writing


@blueprint.get("/my/data")
@access(EVERYONE)
def data() -> ResponseReturnValue:
    """What the clinic holds, in words, and the file."""
    page = frame()
    with reading() as session:
        held = own_data(session, page.patient_id, clock.now())
    return render_template("portal/pages/data.html", page=page, held=held)


@blueprint.get("/my/data.json")
@access(EVERYONE)
def data_file() -> ResponseReturnValue:
    """The same as a file for programs."""
    now, device = clock.now(), this_device()
    with reading() as session:
        held = own_data(session, device.patient_id, now)
    with writing() as session:
        record(session, patient(), now, "pages.downloaded", "patient", device.patient_id, device.patient_id)
    body = json.dumps(held, ensure_ascii=False, indent=2) + "\n"
    answer = Response(body, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer
