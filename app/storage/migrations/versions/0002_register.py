"""The register: since when a unit has its state, to whom it reports besides, its ties; changes by hand of who rates whom."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for column in (
        "since TEXT DEFAULT '' NOT NULL",
        "reports_to TEXT DEFAULT '[]' NOT NULL",
        "links TEXT DEFAULT '[]' NOT NULL",
    ):
        op.execute(f"ALTER TABLE unit ADD COLUMN {column}")
    op.execute(
        """CREATE TABLE hand_change (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    evaluator TEXT NOT NULL,
    unit TEXT NOT NULL,
    groups TEXT NOT NULL,
    reason TEXT NOT NULL,
    "by" TEXT NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_hand_change PRIMARY KEY (id),
    CONSTRAINT uq_hand_change UNIQUE (scheme, evaluator, unit)
)
 STRICT"""
    )
