"""Targets are taken by how often they were tried, so that one on which workers die keeps nobody waiting."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_targets_inspection_state_number"), table_name="targets")
    op.create_index(
        op.f("ix_targets_inspection_state_attempts_number"), "targets", ["inspection", "state", "attempts", "number"]
    )
