"""What the pages of documents say, in the patient's language."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.features.intake.consents.papers import Signed
from scheduler.features.portal.pages.queries.frame import Frame
from scheduler.rendering.language import load


@dataclass(frozen=True)
class Saying:
    """The words of a page; `home` is the address of the list of documents."""

    frame: Frame
    home: str

    def say(self, key: str, **facts: object) -> str:
        """A phrase of the documents; the clinic's phone is at hand in each."""
        return self.frame.language.say(f"documents.{key}", **({"phone": self.frame.phone} | facts))

    def signed(self, paper: Signed) -> str:
        """`Signed on Friday 15 May 2026, 09:30 (CEST) by Marta Lindqvist`."""
        return self.say("signed_on", moment=self.moment(paper.signed_at), name=paper.signed_name)

    def withdrawn(self, paper: Signed) -> str:
        """When it was withdrawn; empty where it was not."""
        return self.say("withdrawn_on", moment=self.moment(paper.withdrawn_at)) if paper.withdrawn_at else ""

    def moment(self, instant: datetime) -> str:
        """Day, time and zone at the clinic."""
        return self.frame.moment(instant)

    def also_in(self, code: str) -> str:
        """That a text can be read in another language, said in that one."""
        return load(code).say("documents.also_in")
