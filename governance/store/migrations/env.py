"""Alembic's entry: runs migrations on the connection that `governance.store.migrate` hands over, and on no other."""

from alembic import context

from governance.store.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
