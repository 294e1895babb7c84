"""Runs the migrations on the database that the program names."""

from alembic import context

from scheduler import models
from scheduler.db.engine import make_engine

url = context.config.attributes["url"]
engine = make_engine(url)

with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # Tables are rebuilt in batch mode, which foreign keys would refuse half-way.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.rollback()
    context.configure(
        connection=connection, target_metadata=models.metadata, render_as_batch=sqlite, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
