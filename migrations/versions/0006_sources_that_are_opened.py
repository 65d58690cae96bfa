"""whether the source of an item can be opened"""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("due_at", base.Instant(timezone=True), nullable=False),
        sa.Column("checked_at", base.Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_source_check_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_check")),
        sa.UniqueConstraint("item_id", "url", name=op.f("uq_source_check_item_id_url")),
    )
    with op.batch_alter_table("source_check") as table:
        table.create_index(
            "ix_source_check_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("source_check") as table:
        table.drop_index("ix_source_check_waiting")

    op.drop_table("source_check")
