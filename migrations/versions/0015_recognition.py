"""recognition: votes, nominations and their scores, monthly lists, certificates, and who would rather not"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "award_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _key("award_wish", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_award_wish")),
    )
    op.create_table(
        "vote",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _key("vote", "person_id", "person"),
        _key("vote", "item_id", "item"),
        sa.PrimaryKeyConstraint("month", "person_id", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_item", "vote", ["month", "item_id"])
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opd_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _key("nomination", "share_id", "share"),
        _key("nomination", "person_id", "person"),
        _key("nomination", "opd_id", "opd"),
        _key("nomination", "by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("share_id", name=op.f("uq_nomination_share_id")),
    )
    op.create_index("ix_nomination_month", "nomination", ["month"])
    op.create_table(
        "rating",
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("originality", sa.Integer(), nullable=False),
        sa.Column("clarity", sa.Integer(), nullable=False),
        sa.Column("closeness", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _key("rating", "nomination_id", "nomination"),
        _key("rating", "person_id", "person"),
        sa.PrimaryKeyConstraint("nomination_id", "person_id", name=op.f("pk_rating")),
    )
    op.create_table(
        "award_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.Integer()),
        _key("award_list", "by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_list")),
        sa.UniqueConstraint("month", "version", name=op.f("uq_award_list_month_version")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("opd_id", sa.Integer()),
        sa.Column("item_id", sa.Integer()),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", moment),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("award", "list_id", "award_list"),
        _key("award", "person_id", "person"),
        _key("award", "opd_id", "opd"),
        _key("award", "item_id", "item"),
        _key("award", "decided_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
    )
    op.create_index("ix_award_list", "award", ["list_id", "category", "place"])
    op.create_index(op.f("ix_award_person_id"), "award", ["person_id"])
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("revoked_at", moment),
        sa.Column("revoked_by", sa.Integer()),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("certificate", "award_id", "award"),
        _key("certificate", "by", "person"),
        _key("certificate", "revoked_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("month", "serial", name=op.f("uq_certificate_month_serial")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("award_id", name=op.f("uq_certificate_award_id")),
    )
    op.create_table(
        "certificate_miss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        _key("certificate_miss", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_miss")),
    )
    op.create_index("ix_certificate_miss_account", "certificate_miss", ["account_id", "at"])


def downgrade() -> None:
    for table in (
        "certificate_miss", "certificate", "award", "award_list", "rating", "nomination", "vote", "award_wish",
    ):  # fmt: skip
        op.drop_table(table)
