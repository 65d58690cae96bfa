"""whatsapp: the pieces of a message that takes several calls, and since when its fate is unknown"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    # In place: SQLite would copy the whole outbox otherwise, and cannot drop a table that others refer to.
    op.add_column("outbox", sa.Column("pieces", sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("doubted_at", moment))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outbox", "pieces", server_default=None)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "message_piece",
        sa.Column("id", number, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("outbox_id", number, nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("delivered_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_piece")),
        sa.ForeignKeyConstraint(
            ["outbox_id"],
            ["outbox.id"],
            name=op.f("fk_message_piece_outbox_id_outbox"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_message_piece_channel_external_id")),
    )
    op.create_index(op.f("ix_message_piece_outbox_id"), "message_piece", ["outbox_id"])


def downgrade() -> None:
    op.drop_table("message_piece")
    for name in ("pieces", "doubted_at"):
        op.drop_column("outbox", name)
