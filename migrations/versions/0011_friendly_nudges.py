"""the friendly nudges of PPID teams: one a week for each OPD"""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "greeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("opd_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name=op.f("fk_greeting_opd_id_opd")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_greeting_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_greeting")),
        sa.UniqueConstraint("opd_id", "week", name=op.f("uq_greeting_opd_id_week")),
    )


def downgrade() -> None:
    op.drop_table("greeting")
