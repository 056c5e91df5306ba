"""What is kept for how long: which inspections were cleared, what was handed over, which evidence is to go."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# SQLite counts rows by itself only in a column that is exactly INTEGER.
row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("inspections", sa.Column("cleared", sa.BigInteger()))
    op.add_column("inspections", sa.Column("thinned", sa.BigInteger()))
    op.create_table(
        "handovers",
        sa.Column("id", row_id, nullable=False),
        sa.Column("inspection", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection"], ["inspections.id"], name=op.f("fk_handovers_inspection"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_inspection"), "handovers", ["inspection"])
    op.create_table(
        "condemned",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_condemned")),
    )
