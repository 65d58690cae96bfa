"""all fields of an item, its way through editor, quality control and controller, and its frozen versions"""

import sqlalchemy as sa
from alembic import op

from models import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_caption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_caption_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_caption")),
        sa.UniqueConstraint("item_id", "channel", "nth", name=op.f("uq_item_caption_item_id_channel_nth")),
    )
    op.create_table(
        "item_media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_media_item_id_item")),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_item_media_media_id_media")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_media")),
        sa.UniqueConstraint("item_id", "nth", name=op.f("uq_item_media_item_id_nth")),
    )
    op.create_table(
        "item_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_version_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint(
            "item_id", "version", "edits", name=op.f("uq_item_version_item_id_version_edits")
        ),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("accurate", sa.Integer(), nullable=True),
        sa.Column("engaging", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_review_item_id_item")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review") as table:
        table.create_index("ix_review_item", ["item_id", "version"], unique=False)

    with op.batch_alter_table("item") as table:
        table.add_column(sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("hashtags", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("rubric", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("regional_programme", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("objective", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("consent", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("live_at", base.Instant(timezone=True), nullable=True))
        table.add_column(sa.Column("live_url", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        table.create_foreign_key(table.f("fk_item_replaces_id_item"), "item", ["replaces_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("item") as table:
        table.drop_constraint(table.f("fk_item_replaces_id_item"), type_="foreignkey")
        table.drop_column("replaces_id")
        table.drop_column("urgent")
        table.drop_column("live_url")
        table.drop_column("live_at")
        table.drop_column("public")
        table.drop_column("consent")
        table.drop_column("objective")
        table.drop_column("regional_programme")
        table.drop_column("rubric")
        table.drop_column("hashtags")
        table.drop_column("edits")

    with op.batch_alter_table("review") as table:
        table.drop_index("ix_review_item")

    op.drop_table("review")
    op.drop_table("item_version")
    op.drop_table("item_media")
    op.drop_table("item_caption")
