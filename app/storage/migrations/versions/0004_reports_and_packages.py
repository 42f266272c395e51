"""Self-reports with versions, remarks and evidence, hearings, lists; packages and senders; sheets typed in twice."""

from alembic import op

revision = "0004"
down_revision = "0003"

_ADDED = (
    ("mark_block", "packages TEXT DEFAULT '[]' NOT NULL"),
    ("earlier_result", "package TEXT DEFAULT '' NOT NULL"),
)
_NEW = (
    """CREATE TABLE report (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at TEXT NOT NULL,
    "by" TEXT NOT NULL,
    CONSTRAINT pk_report PRIMARY KEY (id),
    CONSTRAINT uq_report UNIQUE (scheme, unit),
    CONSTRAINT ck_report_state CHECK (state IN ('draft', 'submitted', 'returned', 'accepted')),
    CONSTRAINT ck_report_fingerprint CHECK (length(fingerprint) = 64),
    CONSTRAINT fk_report_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT""",
    "CREATE INDEX ix_report_unit ON report (unit)",
    """CREATE TABLE report_version (
    "row" INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    at TEXT NOT NULL,
    "by" TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_report_version PRIMARY KEY ("row"),
    CONSTRAINT uq_report_version UNIQUE (scheme, unit, number),
    CONSTRAINT ck_report_version_state CHECK (state IN ('draft', 'submitted', 'returned', 'accepted')),
    CONSTRAINT fk_report_version_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_report_version_fingerprint FOREIGN KEY(fingerprint) REFERENCES document (hash)
)
 STRICT""",
    "CREATE INDEX ix_report_version_unit ON report_version (unit)",
    """CREATE TABLE earlier_report (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    year INTEGER NOT NULL,
    content TEXT NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_earlier_report PRIMARY KEY (id),
    CONSTRAINT uq_earlier_report UNIQUE (scheme, unit, year),
    CONSTRAINT fk_earlier_report_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT""",
    "CREATE INDEX ix_earlier_report_unit ON earlier_report (unit)",
    """CREATE TABLE remark (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    version TEXT NOT NULL,
    "where" TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    quote TEXT NOT NULL,
    text TEXT NOT NULL,
    "by" TEXT NOT NULL,
    at TEXT NOT NULL,
    settled INTEGER NOT NULL,
    CONSTRAINT pk_remark PRIMARY KEY ("row"),
    CONSTRAINT uq_remark UNIQUE (id),
    CONSTRAINT fk_remark_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT""",
    "CREATE INDEX ix_remark_unit ON remark (unit)",
    """CREATE TABLE evidence_file (
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    CONSTRAINT pk_evidence_file PRIMARY KEY (digest),
    CONSTRAINT ck_evidence_file_digest CHECK (length(digest) = 64)
)
 STRICT""",
    """CREATE TABLE hearing (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    body TEXT NOT NULL,
    manner TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    CONSTRAINT pk_hearing PRIMARY KEY (id),
    CONSTRAINT uq_hearing UNIQUE (scheme, unit, body),
    CONSTRAINT ck_hearing_manner CHECK (manner IN ('oral', 'written')),
    CONSTRAINT fk_hearing_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT""",
    "CREATE INDEX ix_hearing_unit ON hearing (unit)",
    """CREATE TABLE list_entry (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    unit TEXT NOT NULL,
    text TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL,
    items TEXT NOT NULL,
    year INTEGER NOT NULL,
    source TEXT NOT NULL,
    CONSTRAINT pk_list_entry PRIMARY KEY ("row"),
    CONSTRAINT uq_list_entry UNIQUE (id),
    CONSTRAINT ck_list_entry_kind CHECK (kind IN ('duty', 'problem', 'promise')),
    CONSTRAINT ck_list_entry_state CHECK (state IN ('open', 'doing', 'done'))
)
 STRICT""",
    """CREATE TABLE package_out (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    "by" TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    answers TEXT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_package_out PRIMARY KEY ("row"),
    CONSTRAINT uq_package_out UNIQUE (id),
    CONSTRAINT ck_package_out_kind CHECK (kind IN ('task', 'return', 'results')),
    CONSTRAINT fk_package_out_content FOREIGN KEY(content) REFERENCES document (hash)
)
 STRICT""",
    "CREATE INDEX ix_package_out_unit ON package_out (unit)",
    """CREATE TABLE package_in (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    "key" TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at TEXT NOT NULL,
    "by" TEXT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    batch INTEGER,
    manifest TEXT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_package_in PRIMARY KEY ("row"),
    CONSTRAINT uq_package_in UNIQUE (id),
    CONSTRAINT ck_package_in_kind CHECK (kind IN ('task', 'return', 'results')),
    CONSTRAINT fk_package_in_batch FOREIGN KEY(batch) REFERENCES batch (number),
    CONSTRAINT fk_package_in_content FOREIGN KEY(content) REFERENCES document (hash)
)
 STRICT""",
    "CREATE INDEX ix_package_in_batch ON package_in (batch)",
    'CREATE INDEX ix_package_in_key ON package_in ("key", unit)',
    """CREATE TABLE sender (
    "row" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    unit TEXT NOT NULL,
    name TEXT NOT NULL,
    confirmed_by TEXT NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_sender PRIMARY KEY ("row"),
    CONSTRAINT uq_sender UNIQUE ("key"),
    CONSTRAINT ck_sender_key CHECK (length(key) = 64)
)
 STRICT""",
    """CREATE TABLE sheet_entry (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    evaluator TEXT NOT NULL,
    turn INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    at TEXT NOT NULL,
    "values" TEXT NOT NULL,
    finished INTEGER NOT NULL,
    CONSTRAINT pk_sheet_entry PRIMARY KEY (id),
    CONSTRAINT uq_sheet_entry UNIQUE (scheme, evaluator, turn)
)
 STRICT""",
)


def upgrade() -> None:
    for table, column in _ADDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in _NEW:
        op.execute(statement)
