"""Run by alembic: migrate over the connection that app.storage.migrate hands in, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
