"""Protocols and their versions."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from scheduler.errors import NotFoundError
from scheduler.models import Protocol, ProtocolVersion, Site


def current_protocols(session: Session) -> Sequence[ProtocolVersion]:
    """The newest version of each protocol that is not archived, in the clinic's own order."""
    newest = (
        select(ProtocolVersion.protocol_id, func.max(ProtocolVersion.version).label("version"))
        .group_by(ProtocolVersion.protocol_id)
        .subquery()
    )
    return session.scalars(
        select(ProtocolVersion)
        .join(
            newest,
            (newest.c.protocol_id == ProtocolVersion.protocol_id)
            & (newest.c.version == ProtocolVersion.version),
        )
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(Protocol.archived_at.is_(None))
        .order_by(Protocol.position, Protocol.name)
    ).all()


def protocol_version(session: Session, version_id: int) -> ProtocolVersion:
    """One version, of an archived protocol too (a running course keeps its own). Raises NotFoundError."""
    found = session.get(ProtocolVersion, version_id)
    if found is None:
        raise NotFoundError("There is no such protocol. Choose one from the list.")
    return found


def protocols_with_versions(session: Session) -> Sequence[Protocol]:
    """All protocols, archived ones last, each with all its versions, newest first, and their phases."""
    return session.scalars(
        select(Protocol)
        .options(selectinload(Protocol.versions))
        .order_by(Protocol.archived_at.is_not(None), Protocol.position, Protocol.name)
    ).all()


def offering(version: ProtocolVersion, among: Sequence[Site]) -> tuple[Site, ...]:
    """Those of the sites at which the protocol is offered; all of them where it names none."""
    named = version.protocol.site_ids
    return tuple(site for site in among if not named or site.id in named)
