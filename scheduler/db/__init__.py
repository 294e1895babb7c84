"""The database: the base of the models, the engine's hooks, and the only commit."""

from scheduler.db.base import Base, Instant, Json, enum_type
from scheduler.db.database import Database

__all__ = ["Base", "Database", "Instant", "Json", "enum_type"]
