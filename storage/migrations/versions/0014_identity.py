"""A database has a name of its own, by which a place for evidence knows whose lies there."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    identity = op.create_table("identity", sa.Column("id", sa.Text, nullable=False), sa.PrimaryKeyConstraint("id"))
    op.bulk_insert(identity, [{"id": uuid4().hex}])
