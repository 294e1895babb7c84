"""By which way a patient came to a visit: by a link to this very visit, or from their own pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from scheduler.features.portal.queries import Opened

Key = Mapping[str, Any]
"""What the address of the visit holds: the secret of a link, or the visit's number."""


@dataclass(frozen=True)
class Way:
    """One way to all visits that it leads to.

    `name` is its blueprint. `open` takes what the address holds and gives the page, or raises NotFoundError.
    `count` counts an answer before anything is done with it. `look` notes that the page was looked at, where
    that is not noted at the door. `home` is the endpoint that leads back, empty where the visit is all there
    is to see.
    """

    name: str
    open: Callable[..., Opened]
    count: Callable[[Opened], None]
    look: Callable[[Opened], None] | None = None
    home: str = ""


@dataclass(frozen=True)
class Door:
    """The way to one visit: how its page is opened again, and the addresses of what can be done on it."""

    way: Way
    key: Key

    def open(self) -> Opened:
        """The visit as it stands now. Raises NotFoundError."""
        return self.way.open(**self.key)

    def answering(self) -> Opened:
        """The same, for somebody who answers."""
        page = self.open()
        self.way.count(page)
        return page

    @property
    def page(self) -> str:
        """Where the page stands."""
        return self._to("visit")

    @property
    def confirm(self) -> str:
        """Where a yes goes."""
        return self._to("say_yes")

    @property
    def ask(self) -> str:
        """Where the wish for another time goes."""
        return self._to("ask")

    @property
    def calendar(self) -> str:
        """The visit as a file."""
        return self._to("calendar")

    @property
    def back(self) -> str:
        """The page before this one; empty where there is none."""
        return url_for(self.way.home) if self.way.home else ""

    def ready(self, item_id: int) -> str:
        """Where the tick at an item goes."""
        return self._to("tick", item_id=item_id)

    def _to(self, what: str, **more: int) -> str:
        return url_for(f"{self.way.name}.{what}", **{**self.key, **more})
