"""what the program saw in evidence, and the looks of people at shares"""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("decided_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("examine_at", base.Instant(timezone=True), nullable=True))
        table.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("post", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("evidence") as table:
        table.alter_column("attempts", server_default=None)
        table.alter_column("post", server_default=None)
    op.execute("UPDATE evidence SET post = link WHERE link <> ''")
    # What came before is not looked at any more: it has counted, and goes on counting.
    op.execute("UPDATE share SET status = 'accepted' WHERE status = 'received'")
    op.drop_index("ix_evidence_link", table_name="evidence")
    posts = sa.text("post <> ''")
    op.create_index("ix_evidence_post", "evidence", ["post"], sqlite_where=posts, postgresql_where=posts)
    waits = sa.text("examine_at IS NOT NULL")
    op.create_index(
        "ix_evidence_examine", "evidence", ["examine_at"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_finding_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["evidence.id"], name=op.f("fk_finding_other_id_evidence")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_finding_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_evidence_id"), "finding", ["evidence_id"])
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("opd_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("opened_at", base.Instant(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_until", base.Instant(timezone=True), nullable=True),
        sa.Column("decided_at", base.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_inspection_share_id_share")),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_inspection_opd_id_opd")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_inspection_taken_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_inspection_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index(
        "uq_inspection_open",
        "inspection",
        ["share_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_inspection_open", "inspection", ["opd_id", "opened_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_inspection_share", "inspection", ["share_id"])
    op.create_table(
        "inspection_skip",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_skip_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inspection_skip_person_id_person")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "person_id", name=op.f("pk_inspection_skip")),
    )


def downgrade() -> None:
    op.drop_table("inspection_skip")
    op.drop_table("inspection")
    op.drop_table("finding")
    op.drop_index("ix_evidence_examine", table_name="evidence")
    op.drop_index("ix_evidence_post", table_name="evidence")
    op.create_index("ix_evidence_link", "evidence", ["link"])
    with op.batch_alter_table("evidence") as table:
        table.drop_column("post")
        table.drop_column("attempts")
        table.drop_column("examine_at")
