"""decisions of the meeting, who was active in closed weeks, and what a correction changed"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participation",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opd_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_participation_person_id_person")),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_participation_opd_id_opd")),
        sa.PrimaryKeyConstraint("week", "person_id", name=op.f("pk_participation")),
    )
    op.create_index("ix_participation_person", "participation", ["person_id", "week"])
    # Of weeks that were closed before, as well as it can be known now.
    op.execute(
        "INSERT INTO participation (week, person_id, opd_id)"
        " SELECT DISTINCT share.week, person.id, person.opd_id FROM share"
        " JOIN person ON person.id = share.person_id"
        " WHERE share.status IN ('received', 'accepted') AND NOT share.late AND person.active"
        " AND share.week IN (SELECT week FROM digest)"
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Integer()),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_decision_by_person")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_decision_closed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    only = sa.text("status = 'open'")
    op.create_index("ix_decision_open", "decision", ["due"], sqlite_where=only, postgresql_where=only)
    op.create_index("ix_decision_closed_at", "decision", ["closed_at"])
    op.create_table(
        "unsubscribed",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsubscribed_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_unsubscribed")),
    )
    with op.batch_alter_table("digest") as table:
        table.add_column(sa.Column("changes", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("digest") as table:
        table.alter_column("changes", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("digest") as table:
        table.drop_column("changes")
    op.drop_table("unsubscribed")
    op.drop_table("decision")
    op.drop_table("participation")
