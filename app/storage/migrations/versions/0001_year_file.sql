CREATE TABLE assignment (
    id INTEGER NOT NULL,
    evaluator TEXT NOT NULL,
    scheme TEXT NOT NULL,
    units TEXT NOT NULL,
    "group" TEXT NOT NULL,
    CONSTRAINT pk_assignment PRIMARY KEY (id)
)
 STRICT;

CREATE INDEX ix_assignment_evaluator ON assignment (evaluator, scheme);

CREATE TABLE audit (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    counter INTEGER NOT NULL,
    who TEXT NOT NULL,
    role TEXT NOT NULL,
    computer TEXT NOT NULL,
    action TEXT NOT NULL,
    label TEXT NOT NULL,
    subject TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    touched TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT ck_audit_hash CHECK (length(hash) = 64 AND length(previous) = 64)
)
 STRICT;

CREATE TABLE document (
    hash TEXT NOT NULL,
    packed INTEGER NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT pk_document PRIMARY KEY (hash),
    CONSTRAINT ck_document_hash CHECK (length(hash) = 64),
    CONSTRAINT ck_document_packed CHECK (packed IN (0, 1))
)
 STRICT;

CREATE TABLE evaluator (
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    relations TEXT NOT NULL,
    CONSTRAINT pk_evaluator PRIMARY KEY (id),
    CONSTRAINT uq_evaluator UNIQUE (code)
)
 STRICT;

CREATE TABLE setting (
    id INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_setting PRIMARY KEY (id),
    CONSTRAINT uq_setting UNIQUE ("key")
)
 STRICT;

CREATE TABLE undo_image (
    id INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    "table" TEXT NOT NULL,
    "row" INTEGER NOT NULL,
    change TEXT NOT NULL,
    v0 ANY,
    v1 ANY,
    v2 ANY,
    v3 ANY,
    v4 ANY,
    v5 ANY,
    v6 ANY,
    v7 ANY,
    v8 ANY,
    v9 ANY,
    v10 ANY,
    v11 ANY,
    v12 ANY,
    v13 ANY,
    v14 ANY,
    v15 ANY,
    bytes BLOB,
    CONSTRAINT pk_undo_image PRIMARY KEY (id),
    CONSTRAINT ck_undo_image_change CHECK (change IN ('insert', 'update_from', 'update_to', 'delete'))
)
 STRICT;

CREATE INDEX ix_undo_image_entry ON undo_image (entry);

CREATE TABLE undo_step (
    entry INTEGER NOT NULL,
    label TEXT NOT NULL,
    direction TEXT NOT NULL,
    CONSTRAINT pk_undo_step PRIMARY KEY (entry),
    CONSTRAINT ck_undo_step_direction CHECK (direction IN ('undo', 'redo'))
)
 STRICT;

CREATE TABLE unit (
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    series TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    "order" INTEGER NOT NULL,
    participation TEXT NOT NULL,
    reason TEXT NOT NULL,
    tags TEXT NOT NULL,
    CONSTRAINT pk_unit PRIMARY KEY (id),
    CONSTRAINT uq_unit UNIQUE (code)
)
 STRICT;

CREATE TABLE vote_session (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    scheme TEXT NOT NULL,
    "group" TEXT NOT NULL,
    date TEXT NOT NULL,
    expected INTEGER NOT NULL,
    present INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    invalid INTEGER NOT NULL,
    replaces TEXT NOT NULL,
    CONSTRAINT pk_vote_session PRIMARY KEY ("row"),
    CONSTRAINT uq_vote_session UNIQUE (id)
)
 STRICT;

CREATE TABLE batch (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    "by" TEXT NOT NULL,
    label TEXT NOT NULL,
    report TEXT NOT NULL,
    withdrawn TEXT NOT NULL,
    CONSTRAINT fk_batch_report FOREIGN KEY(report) REFERENCES document (hash)
)
 STRICT;

CREATE TABLE decision (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    grade TEXT NOT NULL,
    reason TEXT NOT NULL,
    "by" TEXT NOT NULL,
    scope TEXT NOT NULL,
    date TEXT NOT NULL,
    CONSTRAINT pk_decision PRIMARY KEY (id),
    CONSTRAINT uq_decision UNIQUE (scheme, unit, scope),
    CONSTRAINT fk_decision_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE INDEX ix_decision_unit ON decision (unit);

CREATE TABLE event (
    "row" INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    title TEXT NOT NULL,
    occurred TEXT NOT NULL,
    concluded TEXT NOT NULL,
    matter TEXT NOT NULL,
    amount TEXT,
    evidence TEXT NOT NULL,
    provider TEXT NOT NULL,
    approver TEXT NOT NULL,
    note TEXT NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY ("row"),
    CONSTRAINT uq_event UNIQUE (id),
    CONSTRAINT fk_event_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE INDEX ix_event_unit ON event (unit);

CREATE TABLE exemption (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    part TEXT NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_exemption PRIMARY KEY (id),
    CONSTRAINT uq_exemption UNIQUE (scheme, unit, part),
    CONSTRAINT fk_exemption_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE INDEX ix_exemption_unit ON exemption (unit);

CREATE TABLE office_mark (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    unit TEXT NOT NULL,
    item TEXT NOT NULL,
    value TEXT NOT NULL,
    level TEXT NOT NULL,
    basis TEXT NOT NULL,
    "by" TEXT NOT NULL,
    CONSTRAINT pk_office_mark PRIMARY KEY (id),
    CONSTRAINT uq_office_mark UNIQUE (scheme, unit, item),
    CONSTRAINT fk_office_mark_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE INDEX ix_office_mark_unit ON office_mark (unit);

CREATE TABLE open_entry (
    id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT pk_open_entry PRIMARY KEY (id),
    CONSTRAINT ck_open_entry_single CHECK (id = 1),
    CONSTRAINT fk_open_entry_number FOREIGN KEY(number) REFERENCES audit (number) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE TABLE scheme_version (
    id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    published TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    CONSTRAINT pk_scheme_version PRIMARY KEY (id),
    CONSTRAINT uq_scheme_version UNIQUE (scheme, version),
    CONSTRAINT fk_scheme_version_fingerprint FOREIGN KEY(fingerprint) REFERENCES document (hash)
)
 STRICT;

CREATE TABLE sent_sheet (
    id INTEGER NOT NULL,
    sheet TEXT NOT NULL,
    scheme TEXT NOT NULL,
    evaluator TEXT NOT NULL,
    issue INTEGER NOT NULL,
    at TEXT NOT NULL,
    "by" TEXT NOT NULL,
    file TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    form TEXT NOT NULL,
    CONSTRAINT pk_sent_sheet PRIMARY KEY (id),
    CONSTRAINT uq_sent_sheet UNIQUE (sheet, issue),
    CONSTRAINT fk_sent_sheet_form FOREIGN KEY(form) REFERENCES document (hash)
)
 STRICT;

CREATE TABLE snapshot (
    version INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL,
    results TEXT NOT NULL,
    schemes TEXT NOT NULL,
    facts TEXT NOT NULL,
    revision INTEGER NOT NULL,
    frozen INTEGER NOT NULL,
    frozen_by TEXT NOT NULL,
    freeze_reason TEXT NOT NULL,
    CONSTRAINT pk_snapshot PRIMARY KEY (version),
    CONSTRAINT ck_snapshot_frozen CHECK (frozen IN (0, 1)),
    CONSTRAINT fk_snapshot_results FOREIGN KEY(results) REFERENCES document (hash)
)
 STRICT;

CREATE TABLE vote_count (
    id INTEGER NOT NULL,
    session TEXT NOT NULL,
    unit TEXT NOT NULL,
    item TEXT NOT NULL,
    counts TEXT NOT NULL,
    CONSTRAINT pk_vote_count PRIMARY KEY (id),
    CONSTRAINT uq_vote_count UNIQUE (session, unit, item),
    CONSTRAINT fk_vote_count_session FOREIGN KEY(session) REFERENCES vote_session (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_vote_count_unit FOREIGN KEY(unit) REFERENCES unit (code) DEFERRABLE INITIALLY DEFERRED
)
 STRICT;

CREATE INDEX ix_vote_count_unit ON vote_count (unit);

CREATE TABLE batch_file (
    id INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sheet TEXT NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_batch_file PRIMARY KEY (id),
    CONSTRAINT fk_batch_file_batch FOREIGN KEY(batch) REFERENCES batch (number)
)
 STRICT;

CREATE INDEX ix_batch_file_batch ON batch_file (batch);

CREATE INDEX ix_batch_file_sha256 ON batch_file (sha256);

CREATE TABLE mark_block (
    id INTEGER NOT NULL,
    sheet TEXT NOT NULL,
    evaluator TEXT NOT NULL,
    scheme TEXT NOT NULL,
    layout TEXT NOT NULL,
    digest TEXT NOT NULL,
    file TEXT,
    sha256 TEXT NOT NULL,
    batch INTEGER,
    state TEXT NOT NULL,
    entry INTEGER NOT NULL,
    marks BLOB NOT NULL,
    CONSTRAINT pk_mark_block PRIMARY KEY (id),
    CONSTRAINT ck_mark_block_state CHECK (state IN ('current', 'superseded', 'withdrawn')),
    CONSTRAINT fk_mark_block_layout FOREIGN KEY(layout) REFERENCES document (hash),
    CONSTRAINT fk_mark_block_batch FOREIGN KEY(batch) REFERENCES batch (number)
)
 STRICT;

CREATE INDEX ix_mark_block_batch ON mark_block (batch);

CREATE UNIQUE INDEX ix_mark_block_current ON mark_block (scheme, evaluator) WHERE state = 'current';

CREATE TABLE mark_edit (
    id INTEGER NOT NULL,
    block INTEGER NOT NULL,
    unit TEXT NOT NULL,
    item TEXT NOT NULL,
    raw INTEGER NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    entry INTEGER NOT NULL,
    CONSTRAINT pk_mark_edit PRIMARY KEY (id),
    CONSTRAINT fk_mark_edit_block FOREIGN KEY(block) REFERENCES mark_block (id)
)
 STRICT;

CREATE INDEX ix_mark_edit_block ON mark_edit (block);
