"""What people decide: reviews of findings, and entries for indicators."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("inspection", sa.Text(), nullable=False),
        sa.Column("withdraws", _ROW_ID, nullable=True),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["withdraws"], ["reviews.id"], name=op.f("fk_reviews_withdraws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_reviews_withdraws")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "entries",
        sa.Column("id", _ROW_ID, nullable=False),
        sa.Column("inspection", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection"], ["inspections.id"], name=op.f("fk_entries_inspection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index(op.f("ix_entries_inspection"), "entries", ["inspection"])
