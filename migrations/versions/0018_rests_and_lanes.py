"""rests of a channel, windows that the channel calls shut, and rows that are claimed channel by channel"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

QUEUED = sa.text("status = 'queued'")
# Of the outbox: name, columns as they were, columns as they are.
INDEXES = (
    ("ix_outbox_queued", ["priority", "id"], ["channel", "priority", "id", "due_at"]),
    ("ix_outbox_due", ["due_at"], ["channel", "due_at"]),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("account", sa.Column("shut_at", moment))
    op.create_table(
        "channel_rest",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_rest")),
    )
    for name, _, columns in INDEXES:
        _again(name, columns)


def downgrade() -> None:
    for name, columns, _ in INDEXES:
        _again(name, columns)
    op.drop_table("channel_rest")
    op.drop_column("account", "shut_at")


def _again(name: str, columns: list[str]) -> None:
    op.drop_index(name, "outbox")
    op.create_index(name, "outbox", columns, sqlite_where=QUEUED, postgresql_where=QUEUED)
