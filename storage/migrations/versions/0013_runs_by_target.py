"""The runs of a target are found by it: every visit asks for the last one, and pruning for all."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_runs_address_kind_unit"), "runs", ["address", "kind", "unit"])
