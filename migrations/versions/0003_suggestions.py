"""what civil servants suggest to their PPID team"""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("status = 'open'")


def upgrade() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opd_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.Column("decided_at", base.Instant(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name="fk_suggestion_decided_by_person"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_suggestion_item_id_item"),
        sa.ForeignKeyConstraint(["opd_id"], ["opd.id"], name="fk_suggestion_opd_id_opd"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_suggestion_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion"),
    )
    op.create_index(
        "ix_suggestion_open", "suggestion", ["opd_id", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_suggestion_person", "suggestion", ["person_id", "at"])


def downgrade() -> None:
    op.drop_table("suggestion")
