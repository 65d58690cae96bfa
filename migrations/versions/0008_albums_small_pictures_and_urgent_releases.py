"""small pictures for those who save data, releases of one urgent item, and from when failures are counted"""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PLANNED = "status IN ('approved', 'released')"


def _index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "item", columns, unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    op.drop_index("uq_item_planned", table_name="item")
    op.drop_index("uq_item_planned_provincial", table_name="item")
    _index("uq_item_planned", ["week", "opd_id"], f"{PLANNED} AND opd_id IS NOT NULL AND NOT urgent")
    _index("uq_item_planned_provincial", ["week"], f"{PLANNED} AND opd_id IS NULL AND NOT urgent")

    with op.batch_alter_table("media") as table:
        table.add_column(sa.Column("small_id", sa.Integer(), nullable=True))
        table.create_foreign_key(table.f("fk_media_small_id_media"), "media", ["small_id"], ["id"])

    op.drop_index("uq_release_week", table_name="release")
    with op.batch_alter_table("release") as table:
        table.add_column(sa.Column("item_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("counted_from", base.Instant(timezone=True), nullable=True))
        table.create_foreign_key(table.f("fk_release_item_id_item"), "item", ["item_id"], ["id"])
    of_week = sa.text("item_id IS NULL")
    op.create_index(
        "uq_release_week", "release", ["week"], unique=True, sqlite_where=of_week, postgresql_where=of_week
    )
    op.create_index("uq_release_item", "release", ["item_id"], unique=True)


def downgrade() -> None:
    # What was urgent had no week, or shared one: before, no two could.
    op.execute("UPDATE release SET week = 'item-' || CAST(item_id AS VARCHAR) WHERE item_id IS NOT NULL")
    op.execute("UPDATE item SET week = 'item-' || CAST(id AS VARCHAR) WHERE urgent")
    op.drop_index("uq_release_item", table_name="release")
    op.drop_index("uq_release_week", table_name="release")
    with op.batch_alter_table("release") as table:
        table.drop_constraint(table.f("fk_release_item_id_item"), type_="foreignkey")
        table.drop_column("counted_from")
        table.drop_column("item_id")
    op.create_index("uq_release_week", "release", ["week"], unique=True)

    with op.batch_alter_table("media") as table:
        table.drop_constraint(table.f("fk_media_small_id_media"), type_="foreignkey")
        table.drop_column("small_id")

    op.drop_index("uq_item_planned_provincial", table_name="item")
    op.drop_index("uq_item_planned", table_name="item")
    _index("uq_item_planned", ["week", "opd_id"], f"{PLANNED} AND opd_id IS NOT NULL")
    _index("uq_item_planned_provincial", ["week"], f"{PLANNED} AND opd_id IS NULL")
