"""Run migrations on the connection that the caller hands over, on SQLite and PostgreSQL alike."""

from alembic import context

from porion.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
