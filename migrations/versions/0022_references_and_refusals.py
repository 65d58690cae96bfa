"""webhooks: by which reference and about which address a report came, and what was refused; sending: whether
a call that failed was answered"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("reference", "address"):
        op.add_column("status_report", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("answered", sa.Boolean(), nullable=False, server_default=sa.false()))
    if op.get_bind().dialect.name == "postgresql":
        for name in ("reference", "address"):
            op.alter_column("status_report", name, server_default=None)
        op.alter_column("outbox", "answered", server_default=None)
    op.create_table(
        "webhook_refusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_refusal")),
    )
    op.create_index(op.f("ix_webhook_refusal_at"), "webhook_refusal", ["at"])


def downgrade() -> None:
    op.drop_table("webhook_refusal")
    op.drop_column("outbox", "answered")
    for name in ("address", "reference"):
        op.drop_column("status_report", name)
