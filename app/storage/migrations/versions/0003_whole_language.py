"""Periods, persons, sanctions, targets, promotions outside the quota, earlier results, objections, secret ballots."""

from alembic import op

revision = "0003"
down_revision = "0002"

_ADDED = (
    ("vote_session", "period TEXT DEFAULT '' NOT NULL"),
    ("event", "person TEXT DEFAULT '' NOT NULL"),
    ("event", "person_class TEXT DEFAULT '' NOT NULL"),
    ("event", "sanction TEXT DEFAULT '' NOT NULL"),
    ("event", "shared_by INTEGER DEFAULT '1' NOT NULL"),
    ("event", "counted_in INTEGER DEFAULT '0' NOT NULL"),
    ("decision", "outside_quota INTEGER DEFAULT '0' NOT NULL"),
)
_NEW = (
    """CREATE TABLE earlier_result (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    year INTEGER NOT NULL,
    grade TEXT NOT NULL,
    total TEXT,
    rank INTEGER,
    rank_from_last INTEGER,
    parts TEXT NOT NULL,
    CONSTRAINT pk_earlier_result PRIMARY KEY (id),
    CONSTRAINT uq_earlier_result UNIQUE (scheme, unit, year),
    CONSTRAINT fk_earlier_result_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT""",
    "CREATE INDEX ix_earlier_result_unit ON earlier_result (unit)",
    """CREATE TABLE objection (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    "by" TEXT NOT NULL,
    text TEXT NOT NULL,
    filed TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    "before" INTEGER NOT NULL,
    "after" INTEGER NOT NULL,
    CONSTRAINT pk_objection PRIMARY KEY ("row"),
    CONSTRAINT uq_objection UNIQUE (id),
    CONSTRAINT ck_objection_state CHECK (state IN ('open', 'answered', 'withdrawn')),
    CONSTRAINT fk_objection_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT""",
    "CREATE INDEX ix_objection_unit ON objection (unit)",
    """CREATE TABLE ballot_batch (
    "key" TEXT NOT NULL,
    session TEXT NOT NULL,
    units TEXT NOT NULL,
    items TEXT NOT NULL,
    ballots TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    counted_by TEXT NOT NULL,
    watched_by TEXT NOT NULL,
    CONSTRAINT pk_ballot_batch PRIMARY KEY ("key"),
    CONSTRAINT ck_ballot_batch_key CHECK (length(key) = 32),
    CONSTRAINT ck_ballot_batch_digest CHECK (length(digest) = 64),
    CONSTRAINT fk_ballot_batch_session FOREIGN KEY(session) REFERENCES vote_session (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT""",
    """CREATE TABLE ballot_code (
    code TEXT NOT NULL,
    session TEXT NOT NULL,
    batch TEXT NOT NULL,
    CONSTRAINT pk_ballot_code PRIMARY KEY (code),
    CONSTRAINT ck_ballot_code_code CHECK (length(code) = 64),
    CONSTRAINT fk_ballot_code_session FOREIGN KEY(session) REFERENCES vote_session (id) DEFERRABLE INITIALLY DEFERRED
)
 WITHOUT ROWID,
 STRICT""",
)
_OFFICE_MARK = """CREATE TABLE office_mark (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    item TEXT NOT NULL,
    value TEXT NOT NULL,
    level TEXT NOT NULL,
    basis TEXT NOT NULL,
    "by" TEXT NOT NULL,
    period TEXT NOT NULL,
    target TEXT,
    standard TEXT,
    CONSTRAINT pk_office_mark PRIMARY KEY (id),
    CONSTRAINT uq_office_mark UNIQUE (scheme, unit, item, period),
    CONSTRAINT fk_office_mark_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT"""
_UNDO_IMAGE = """CREATE TABLE undo_image (
    id INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    "table" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    change TEXT NOT NULL,
    {values},
    bytes BLOB,
    CONSTRAINT pk_undo_image PRIMARY KEY (id),
    CONSTRAINT ck_undo_image_change CHECK (change IN ('insert', 'update_from', 'update_to', 'delete'))
)
 STRICT"""


def upgrade() -> None:
    for table, column in _ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in _NEW:
        op.execute(statement)
    _rebuild_office_marks()
    # Images become wider. Nothing is copied: an upgrade forgets the steps of undo.
    op.execute("DROP TABLE undo_image")
    op.execute(_UNDO_IMAGE.format(values=",\n    ".join(f"v{i} ANY" for i in range(24))))
    op.execute("CREATE INDEX ix_undo_image_entry ON undo_image (entry)")


def _rebuild_office_marks() -> None:
    """The key of a value gets its period, and a key cannot be altered."""
    op.execute("CREATE TEMP TABLE kept AS SELECT * FROM office_mark")
    op.execute("DROP TABLE office_mark")
    op.execute(_OFFICE_MARK)
    columns = 'id, scheme, unit, item, value, level, basis, "by"'
    op.execute(f"INSERT INTO office_mark ({columns}, period) SELECT {columns}, '' FROM kept")
    op.execute("DROP TABLE kept")
    op.execute("CREATE INDEX ix_office_mark_unit ON office_mark (unit)")
