"""shares and people: indexes in the very order in which the weekly figures read them"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_share_figures", "share")
    op.create_index(
        "ix_share_figures", "share", ["week", "status", "late", "opd_id", "platform", "person_id"]
    )
    op.drop_index("ix_person_opd", "person")
    op.create_index("ix_person_opd", "person", ["opd_id", "active", "joined_at"])


def downgrade() -> None:
    op.drop_index("ix_person_opd", "person")
    op.create_index("ix_person_opd", "person", ["opd_id", "active"])
    op.drop_index("ix_share_figures", "share")
    op.create_index(
        "ix_share_figures", "share", ["week", "status", "opd_id", "person_id", "platform", "late"]
    )
