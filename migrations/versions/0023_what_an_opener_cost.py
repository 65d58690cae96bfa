"""outbox: the price at which an opener went out, which a later price or category does not change"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("price", sa.Integer()))


def downgrade() -> None:
    op.drop_column("outbox", "price")
