"""files by their place in the store, and those to be deleted from it"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_PARTIAL = {"ix_media_key": ("key", "key <> ''"), "ix_media_over": ("id", "status = 'over'")}


def upgrade() -> None:
    for name, (column, condition) in _PARTIAL.items():
        where = sa.text(condition)
        op.create_index(name, "media", [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in _PARTIAL:
        op.drop_index(name, table_name="media")
