"""whatsapp: windows and openers, templates, what the channel reports, and the channel that somebody prefers"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Of the outbox: name, columns, the rows that it holds, whether an address stands in it once.
INDEXES = (
    ("uq_outbox_opener", ["channel", "address"], "part = 'opener' AND status IN ('queued', 'sending')", True),
    ("ix_outbox_opener_sent", ["sent_at"], "part = 'opener' AND status = 'sent'", False),
    ("ix_outbox_opener_to", ["address", "sent_at"], "part = 'opener' AND status = 'sent'", False),
    ("ix_outbox_reported", ["external_id"], "channel = 'whatsapp' AND external_id <> ''", False),
    ("ix_outbox_seen", ["release_id", "delivery"], "part = 'card' AND delivery <> ''", False),
    ("ix_outbox_unsettled", ["tried_at"], "unsettled AND status = 'queued'", False),
)
EMPTY = ("delivery", "fingerprint", "instead_of")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    # In place: SQLite would copy the whole outbox otherwise, and cannot drop a table that others refer to.
    op.add_column("person", sa.Column("preferred", sa.String(), nullable=False, server_default=""))
    for name in EMPTY:
        op.add_column("outbox", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("unsettled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("delivered_at", moment))
    op.add_column("outbox", sa.Column("tried_at", moment))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("person", "preferred", server_default=None)
        for name in (*EMPTY, "unsettled"):
            op.alter_column("outbox", name, server_default=None)
    for name, columns, condition, unique in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "outbox", columns, unique=unique, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "template",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("content_sid", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("checked_at", moment),
        sa.PrimaryKeyConstraint("name", "language", name=op.f("pk_template")),
    )
    op.create_table(
        "status_report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("applied_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_report")),
        sa.UniqueConstraint(
            "channel", "external_id", "status", name=op.f("uq_status_report_channel_external_id_status")
        ),
    )
    where = sa.text("applied_at IS NULL")
    op.create_index(
        "ix_status_report_due", "status_report", ["due_at", "id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_table("status_report")
    op.drop_table("template")
    for name, _, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name="outbox")
    for name in (*EMPTY, "unsettled", "delivered_at", "tried_at"):
        op.drop_column("outbox", name)
    op.drop_column("person", "preferred")
