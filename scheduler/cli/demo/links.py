"""The links in what the demo clinic sent: they open the pages that a patient's would.

They are made by what makes them when a worker writes a message; only their secrets come from the clinic's
seed, so that the same clinic has the same rows. Whoever knows the seed knows them: like its password, they
are good for a clinic of invented people that is served on one machine alone.
"""

import base64
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.cli.demo.chance import stream
from scheduler.features.outbox import letter_links
from scheduler.features.outbox.actions import prepare_request
from scheduler.features.outbox.letters import Letter
from scheduler.features.outbox.request_letters import RequestLetter
from scheduler.tokens import TOKEN_BYTES


class Links:
    """Makes the links of one clinic, whose pages lie at `address`, such as http://127.0.0.1:8000."""

    def __init__(self, session: Session, seed: int, subject: str, address: str) -> None:
        self.session, self.address = session, address
        self.chance = stream(seed, subject)

    def to_answer(self, at: datetime, letter: Letter) -> str:
        """Where the patient answers, empty for what asks for no answer."""
        return letter_links.answer_address(self.session, at, letter, self.address, self._token)

    def to_dates(self, at: datetime, letter: Letter) -> str:
        """Where all dates of a booking are to be had for a calendar."""
        return letter_links.dates_address(self.session, at, letter, self.address, self._token)

    def to_leave(self, at: datetime, letter: Letter) -> str:
        """Where reminders by mail are switched off."""
        return letter_links.way_out_address(self.session, at, letter, self.address, self._token)

    def to_consultation(self, at: datetime, letter: RequestLetter) -> str:
        """Where whoever asked for a consultation looks after it."""
        return prepare_request.answer_address(self.session, at, letter, self.address, self._token)

    def _token(self) -> str:
        """A secret of the length and the letters that all have."""
        return base64.urlsafe_b64encode(self.chance.randbytes(TOKEN_BYTES)).rstrip(b"=").decode()
