"""Files of versions are found by their hash: readers ask for the pictures of mails by it."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_version_files_hash", "version_files", ["hash"])
