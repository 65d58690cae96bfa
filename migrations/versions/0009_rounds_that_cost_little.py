"""what is searched in an item, and indexes for the newest results of a release"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_outbox_release_sent", "sent_at", "status = 'sent' AND part IN ('card', 'album')"),
    (
        "ix_outbox_release_failed",
        "due_at",
        "status = 'failed' AND part IN ('card', 'album') AND reason <> 'blocked'",
    ),
)
TEXTS = "title || '{gap}' || what || '{gap}' || why || '{gap}' || caption".format(gap="\n")


def upgrade() -> None:
    op.add_column("item", sa.Column("search", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        # Rows beyond 2 KB would be compressed, and every search would unpack them.
        op.execute("ALTER TABLE item SET (toast_tuple_target = 8160)")
    # A to Z alone, as `content.searchable` does: SQLite knows no other letters, PostgreSQL in "C" neither.
    texts = f'({TEXTS}) COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else TEXTS
    op.execute(f"UPDATE item SET search = lower({texts})")  # noqa: S608 - made of the words above
    with op.batch_alter_table("item") as table:
        table.alter_column("search", server_default=None)
    for name, column, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "outbox", ["release_id", column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name="outbox")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE item RESET (toast_tuple_target)")
    with op.batch_alter_table("item") as table:
        table.drop_column("search")
