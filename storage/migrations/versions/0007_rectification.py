"""Notices to units, the problems they name, and what came of each."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in a column that is exactly INTEGER.
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", row_id, nullable=False),
        sa.Column("inspection", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspections.id"], name=op.f("fk_notices_inspection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_notices_inspection"), "notices", ["inspection"])
    op.create_table(
        "notice_items",
        sa.Column("id", row_id, nullable=False),
        sa.Column("notice", row_id, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.id"], name=op.f("fk_notice_items_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_items")),
    )
    op.create_index(op.f("ix_notice_items_notice"), "notice_items", ["notice"])
    op.create_index(op.f("ix_notice_items_fingerprint"), "notice_items", ["fingerprint"])
    op.create_table(
        "steps",
        sa.Column("id", row_id, nullable=False),
        sa.Column("item", row_id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["notice_items.id"], name=op.f("fk_steps_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
    )
    op.create_index(op.f("ix_steps_item"), "steps", ["item"])
