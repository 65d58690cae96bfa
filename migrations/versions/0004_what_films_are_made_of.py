"""the codecs of a measured film, which say whether every phone can play it"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("media") as table:
        table.add_column(sa.Column("codec", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("sound", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("media") as table:
        table.drop_column("sound")
        table.drop_column("codec")
