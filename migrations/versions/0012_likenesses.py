"""fingerprints of the pictures that were sent as proof"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "likeness",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("whole", sa.BigInteger(), nullable=False),
        *(sa.Column(f"band{nth}", sa.Integer(), nullable=False) for nth in range(4)),
        sa.Column("tiles", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_likeness_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_likeness_item_id_item")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_likeness")),
    )
    op.create_index("ix_likeness_item", "likeness", ["item_id", "evidence_id"])
    for nth in range(4):
        op.create_index(f"ix_likeness_band{nth}", "likeness", [f"band{nth}", "whole", "evidence_id"])


def downgrade() -> None:
    op.drop_table("likeness")
