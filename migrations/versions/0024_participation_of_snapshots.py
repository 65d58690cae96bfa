"""digest: participation and whether there was a release, beside the figures that say them"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

DIGEST = sa.table(
    "digest",
    sa.column("id", sa.Integer()),
    sa.column("figures", sa.JSON()),
    sa.column("participation", sa.Double()),
    sa.column("released", sa.Boolean()),
)


def upgrade() -> None:
    with op.batch_alter_table("digest") as batch:
        batch.add_column(sa.Column("participation", sa.Double()))
        batch.add_column(sa.Column("released", sa.Boolean()))
    connection = op.get_bind()
    for digest_id, figures in connection.execute(sa.select(DIGEST.c.id, DIGEST.c.figures)).all():
        said = {
            "participation": figures.get("participation", 0.0),
            "released": figures.get("released", True),
        }
        connection.execute(sa.update(DIGEST).where(DIGEST.c.id == digest_id).values(said))
    with op.batch_alter_table("digest") as batch:
        batch.alter_column("participation", nullable=False)
        batch.alter_column("released", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("digest") as batch:
        batch.drop_column("released")
        batch.drop_column("participation")
