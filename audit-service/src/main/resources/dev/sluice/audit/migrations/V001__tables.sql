-- The records as they came from Kafka, and what is folded out of them. Everything but "events" can be rebuilt from it.

CREATE TABLE offsets (
  topic       text    NOT NULL,
  partition   integer NOT NULL,
  next_offset bigint  NOT NULL,
  PRIMARY KEY (topic, partition)
);
COMMENT ON TABLE offsets IS 'The next record to read of each partition; moves only in the transaction that writes the records before it';

CREATE TABLE events (
  topic          text        NOT NULL,
  partition      integer     NOT NULL,
  record_offset  bigint      NOT NULL,
  recorded_at    timestamptz NOT NULL,
  record_key     bytea,
  record         bytea       NOT NULL,
  digest         text        NOT NULL,
  event_id       text,
  type           text,
  subject        text,
  session_id     text,
  causation_id   text,
  sequence       bigint,
  event_time     timestamptz,
  PRIMARY KEY (topic, partition, record_offset)
);
COMMENT ON COLUMN events.record IS 'The exact bytes of the record: what the chain hashes';
COMMENT ON COLUMN events.digest IS 'SHA-256 of record, hex';
CREATE INDEX events_by_session ON events (session_id, topic, partition, record_offset);

CREATE TABLE sessions (
  session_id     text        NOT NULL PRIMARY KEY,
  started_at     timestamptz NOT NULL,
  principal      text,
  issuer         text,
  method         text,
  groups         text[],
  on_behalf_of   text,
  target         text,
  database       text,
  role           text,
  application    text,
  client_address text,
  encrypted      boolean,
  protocol_version text,
  server_version text,
  policy_version text,
  mode           text,
  opened_at      timestamptz,
  claimed_user   text,
  refused_at     timestamptz,
  refusal_sqlstate text,
  refusal_reason text,
  closed_at      timestamptz,
  close_reason   text,
  duration_micros bigint,
  last_at        timestamptz NOT NULL,
  last_sequence  bigint      NOT NULL,
  last_digest    text        NOT NULL,
  statements     bigint      NOT NULL
);
CREATE INDEX sessions_by_start ON sessions (started_at DESC, session_id DESC);
CREATE INDEX sessions_by_principal ON sessions (principal, started_at DESC, session_id DESC);

CREATE TABLE statements (
  session_id     text        NOT NULL,
  statement_id   text        NOT NULL,
  started_at     timestamptz NOT NULL,
  ordinal        bigint,
  principal      text,
  target         text,
  protocol       text,
  query          text,
  query_digest   text,
  kinds          text[],
  effects        text[],
  relations      text[],
  bounded        boolean,
  outcome        text,
  rule           text,
  reason         text,
  enforced       boolean,
  masks          text[],
  decided_at     timestamptz,
  approval_id    text,
  statement_digest text,
  approver_groups text[],
  quorum         integer,
  held_at        timestamptz,
  hold_expires_at timestamptz,
  released_at    timestamptz,
  approvers      text[],
  refused_at     timestamptz,
  refusal_sqlstate text,
  refusal_reason text,
  withdrawn_at   timestamptz,
  withdrawal_reason text,
  completed_at   timestamptz,
  command_tags   text[],
  sqlstate       text,
  row_count      bigint,
  byte_count     bigint,
  answer_digest  text,
  duration_micros bigint,
  PRIMARY KEY (session_id, statement_id)
);
CREATE INDEX statements_by_start ON statements (started_at DESC, session_id DESC, statement_id DESC);
CREATE INDEX statements_by_relation ON statements USING gin (relations);
CREATE INDEX statements_by_approval ON statements (approval_id) WHERE approval_id IS NOT NULL;

CREATE TABLE findings (
  topic         text        NOT NULL,
  partition     integer     NOT NULL,
  record_offset bigint      NOT NULL,
  kind          text        NOT NULL,
  recorded_at   timestamptz NOT NULL,
  session_id    text,
  sequence      bigint,
  detail        text        NOT NULL,
  PRIMARY KEY (topic, partition, record_offset, kind)
);
CREATE INDEX findings_by_session ON findings (session_id);
CREATE INDEX findings_by_time ON findings (recorded_at DESC, topic DESC, partition DESC, record_offset DESC, kind DESC);
COMMENT ON COLUMN sessions.claimed_user IS 'The name that a refused caller gave; nobody has proven it';
