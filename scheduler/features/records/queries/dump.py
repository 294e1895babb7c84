"""Everything that is stored of one person, table by table, as plain data.

Every table that leads to the person is in it, so that nothing is left out that somebody added later. Left out
is what opens a door or was never theirs: digests of secrets, keys of forms, and what they are searched by.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, select
from sqlalchemy.orm import Session

from scheduler.features.records.graph import parts_of
from scheduler.features.records.queries.people import whole_person
from scheduler.models import Protocol, ProtocolVersion, Site, User, metadata
from scheduler.rendering.canonical import plain

FORMAT = "sixfold.person-record.1"
LEFT_OUT = frozenset({"patient_search_keys", "patient_import_rows"})
SECRET = ("token_hash", "code_hash", "lease_by", "lease_until", "fence")


def whole_record(session: Session, patient_id: int, now: datetime) -> dict[str, Any]:
    """The record with whom and what it names. Raises NotFoundError.

    `tables` are rows by table, each in the order of its key; instants are UTC. `staff`, `sites` and
    `protocols` say by id who and what the rows refer to.
    """
    patient, ids = whole_person(session, patient_id)
    tables = {
        part.table.name: rows
        for part in parts_of(session, ids)
        if part.table.name not in LEFT_OUT and (rows := _rows(session, part.table, part.where))
    }
    return {
        "format": FORMAT,
        "made_at": plain(now.replace(microsecond=0)),
        "record_number": patient.record_number,
        "staff": _named(session, tables, "users", User.name),
        "sites": _named(session, tables, "sites", Site.name),
        "protocols": _protocols(session, tables),
        "tables": tables,
    }


def _rows(session: Session, table: Table, where: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.c if not column.name.endswith(SECRET)]
    found = session.execute(select(*columns).where(where).order_by(*table.primary_key))
    return [{column.name: _value(column, row[column.name]) for column in columns} for row in found.mappings()]


def _value(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, LargeBinary) and value is not None:
        return bytes(value).decode("utf-8", "replace")
    return plain(value)


def _named(
    session: Session, tables: Mapping[str, Sequence[Mapping[str, Any]]], to: str, name: Any
) -> dict[str, str]:
    ids = _referred(tables, to)
    rows = session.execute(
        select(name.class_.id, name).where(name.class_.id.in_(ids)).order_by(name.class_.id)
    )
    return {str(id_): words for id_, words in rows}


def _protocols(session: Session, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    rows = session.execute(
        select(ProtocolVersion.id, Protocol.name, ProtocolVersion.version)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(ProtocolVersion.id.in_(_referred(tables, "protocol_versions")))
        .order_by(ProtocolVersion.id)
    )
    return {str(id_): f"{name}, version {version}" for id_, name, version in rows}


def _referred(tables: Mapping[str, Sequence[Mapping[str, Any]]], to: str) -> set[int]:
    """The ids of another table's rows that these rows name."""
    return {
        row[key.parent.name]
        for name, rows in tables.items()
        for key in metadata.tables[name].foreign_keys
        if key.column.table.name == to
        for row in rows
        if row.get(key.parent.name) is not None
    }
