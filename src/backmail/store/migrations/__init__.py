"""The steps by which older databases become as the tables say, for Alembic."""
