"""The patient's page of a visit behind the link to that visit."""

from scheduler import clock
from scheduler.features.portal.actions import TOUCH_EVERY, note_look
from scheduler.features.portal.private import answered_by, opened_by, patient, private_blueprint
from scheduler.features.portal.queries import Opened, opened
from scheduler.features.portal.visiting.door import Way
from scheduler.features.portal.visiting.views import add_routes
from scheduler.web import writing

blueprint = private_blueprint("portal")


def _open(token: str) -> Opened:
    return opened_by(lambda session: opened(session, token, clock.now()))


def _look(page: Opened) -> None:
    now = clock.now()
    if page.link_id is not None and (page.touched_at is None or now - page.touched_at >= TOUCH_EVERY):
        with writing() as session:
            note_look(session, patient(), now, page.link_id, "infusion", page.infusion_id, page.patient_id)


def _count(page: Opened) -> None:
    answered_by(page.link_id or 0)


add_routes(blueprint, "/v/<token>", Way(blueprint.name, _open, _count, _look))
