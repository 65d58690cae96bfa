"""last_active: in which closed week somebody was active last, once a person"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_active",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_last_active_person_id_person"),
        sa.PrimaryKeyConstraint("person_id", name="pk_last_active"),
    )
    op.execute(
        "INSERT INTO last_active (person_id, week)"
        " SELECT person_id, max(week) FROM participation GROUP BY person_id"
    )


def downgrade() -> None:
    op.drop_table("last_active")
