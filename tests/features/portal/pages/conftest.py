"""A link to the pages of Marta, and her telephone in front of the door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.features.outbox.links import pages_address
from scheduler.models import PatientDevice, PatientLink
from tests.features.portal.conftest import Phone, Ring
from tests.support.changes import LATER
from tests.support.sign_in import csrf_token

BORN = date(1986, 3, 14)


@dataclass
class Door:
    """A browser before the door of somebody's pages."""

    phone: Phone
    client: FlaskClient
    path: str

    def look(self) -> TestResponse:
        """Open the link."""
        return self.client.get(self.path)

    def enter(self, born: date = BORN, *, remember: bool = True, **more: str) -> TestResponse:
        """Say a birth date."""
        data = {"day": str(born.day), "month": str(born.month), "year": str(born.year), **more}
        if remember:
            data["remember"] = "1"
        return self.post(self.path, data)

    def post(self, path: str, data: dict[str, str]) -> TestResponse:
        """Send a form of the pages."""
        return self.client.post(path, data={"csrf_token": csrf_token(self.client), **data})

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path)

    def later(self, **much: float) -> None:
        """Let time pass."""
        self.phone.now[0] += timedelta(**much)

    def devices(self) -> list[PatientDevice]:
        """All rows, by age."""
        with self.phone.database.read() as session:
            return list(session.scalars(select(PatientDevice).order_by(PatientDevice.id)))

    def link(self) -> PatientLink:
        """The row behind the link."""
        with self.phone.database.read() as session:
            return (
                session.scalars(
                    select(PatientLink).where(PatientLink.purpose == "pages").order_by(PatientLink.id)
                ).first()
                or PatientLink()
            )


Knock = Callable[..., Door]


@pytest.fixture
def knock(ring: Ring) -> Knock:
    """Makes a browser with a link: Marta's, or another patient's for the same clinic."""

    def made(phone: Phone | None = None, patient_id: int | None = None, language: str = "en") -> Door:
        phone = phone or ring(language)
        with phone.database.write() as session:
            path = pages_address(session, LATER, patient_id or phone.clinic.patient.id, "")
        return Door(phone, phone.client.application.test_client(), path)

    return made


@pytest.fixture
def door(knock: Knock) -> Door:
    """Marta's, in English."""
    return knock()
