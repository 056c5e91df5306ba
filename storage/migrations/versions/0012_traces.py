"""How a scorecard came to what it says: a row an indicator, where one JSON text held them all."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = ("inspection", "address", "kind", "unit", "ruleset")
_MOVED = ("indicator", "dimension", "state", "points", "attainable", "score", "operands", "arithmetic", "findings")
_BATCH = 200


def upgrade() -> None:
    traces = op.create_table(
        "traces",
        *(sa.Column(name, sa.Text(), nullable=False) for name in _KEY),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("indicator", "dimension", "state", "points")),
        sa.Column("attainable", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("operands", "arithmetic", "findings", "coverage")),
        sa.Column("reviews", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            _KEY, [f"cards.{name}" for name in _KEY], name=op.f("fk_traces_card"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*_KEY, "position", name=op.f("pk_traces")),
        sqlite_with_rowid=False,
    )
    _move(traces)


def _move(traces: sa.Table) -> None:
    """Gives the traces of the cards that are there rows of their own. What they did not say before stays empty."""
    cards = sa.table("cards", *(sa.column(name) for name in (*_KEY, "fact")))
    connection = op.get_bind()
    keys = connection.execute(sa.select(*(cards.c[name] for name in _KEY))).all()
    for start in range(0, len(keys), _BATCH):
        rows = []
        for key in keys[start : start + _BATCH]:
            own = sa.and_(*(cards.c[name] == value for name, value in zip(_KEY, key, strict=True)))
            card = json.loads(connection.execute(sa.select(cards.c.fact).where(own)).scalar_one())
            rows += [_row(tuple(key), place, trace) for place, trace in enumerate(card.pop("traces"))]
            for told in ("target", "ruleset"):  # the row's key says it
                card.pop(told)
            connection.execute(sa.update(cards).where(own).values(fact=_text(card)))
        if rows:
            connection.execute(sa.insert(traces), rows)


def _row(key: tuple[str, ...], place: int, trace: dict[str, object]) -> dict[str, object]:
    row = dict(zip(_KEY, key, strict=True)) | {"position": place}
    row |= {name: trace.pop(name) for name in _MOVED}
    row |= {"operands": _text(row["operands"]), "findings": _text(row["findings"])}
    return row | {"coverage": "{}", "reviews": "[]", "fact": _text({**trace, "by_threshold": "[]"})}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
