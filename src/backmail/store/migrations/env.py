"""What Alembic runs for us: the steps, on the connection that `upgrade` passes, inside its transaction."""

from alembic import context


def run() -> None:
    """Take the steps that Alembic has in mind."""
    context.configure(connection=context.config.attributes["connection"])
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under that name; imported as a part of the package it does nothing.
if __name__ == "env_py":
    run()
