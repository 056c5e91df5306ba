"""Unchanged pages: a run may stand on an earlier one and keep those of its pages that have not changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in a column that is exactly INTEGER.
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bases",
        sa.Column("run", row_id, nullable=False),
        sa.Column("base", row_id, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_bases_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["base"], ["runs.id"], name=op.f("fk_bases_base"), deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_bases")),
    )
    op.create_index(op.f("ix_bases_base"), "bases", ["base"], unique=False)
    op.create_table(
        "kept_pages",
        sa.Column("run", row_id, nullable=False),
        sa.Column("page", row_id, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_kept_pages_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["page"], ["pages.id"], name=op.f("fk_kept_pages_page"), deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("run", "page", name=op.f("pk_kept_pages")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_kept_pages_page"), "kept_pages", ["page"], unique=False)
