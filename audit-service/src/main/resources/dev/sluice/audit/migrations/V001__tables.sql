-- The records as they came from Kafka, and what is folded out of them. Everything but "events" can be rebuilt from it.

CREATE TABLE offsets (
  topic       text    NOT NULL,
  partition   integer NOT NULL,
  next_offset bigint  NOT NULL,
  PRIMARY KEY (topic, partition)
);
COMMENT ON TABLE offsets IS 'The next record to read of each partition; moves only in the transaction that writes the records before it';

CREATE TABLE events (
  day            date        NOT NULL,
  session_id     text        NOT NULL,
  topic          text        NOT NULL,
  partition      integer     NOT NULL,
  record_offset  bigint      NOT NULL,
  recorded_at    timestamptz NOT NULL,
  record_key     bytea,
  record         bytea       NOT NULL,
  event_id       text,
  type           text,
  subject        text,
  causation_id   text,
  sequence       bigint,
  event_time     timestamptz,
  PRIMARY KEY (session_id, topic, partition, record_offset, day)
) PARTITION BY RANGE (day);
COMMENT ON COLUMN events.day IS 'Of a chain''s record the day on which its session began, so that a chain is kept and dropped whole; of any other its own';
COMMENT ON COLUMN events.session_id IS 'Empty for a record that is about no session';
COMMENT ON COLUMN events.record IS 'The exact bytes of the record: what the chain hashes';

CREATE TABLE sessions (
  session_id     text        NOT NULL PRIMARY KEY,
  day            date        NOT NULL,
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
  sealed_sequence bigint,
  sealed_digest  text,
  seal           text,
  last_at        timestamptz NOT NULL,
  last_sequence  bigint      NOT NULL,
  last_digest    text        NOT NULL,
  statements     bigint      NOT NULL
);
CREATE INDEX sessions_by_start ON sessions (started_at DESC, session_id DESC);
CREATE INDEX sessions_by_principal ON sessions (principal, started_at DESC, session_id DESC);
CREATE INDEX sessions_by_day ON sessions (day);
COMMENT ON COLUMN sessions.claimed_user IS 'The name that a refused caller gave; nobody has proven it';
COMMENT ON COLUMN sessions.seal IS 'The gateway''s latest signature over the chain, up to sealed_sequence';

CREATE TABLE statements (
  session_id     text        NOT NULL,
  statement_id   text        NOT NULL,
  day            date        NOT NULL,
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
  functions      text[],
  bounded        boolean,
  outcome        text,
  rule           text,
  reason         text,
  enforced       boolean,
  masks          text[],
  policy_version text,
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
  PRIMARY KEY (session_id, statement_id, day)
) PARTITION BY RANGE (day);
COMMENT ON COLUMN statements.day IS 'The day on which the session began';
CREATE INDEX statements_by_start ON statements (started_at DESC, session_id DESC, statement_id DESC);
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

-- Makes the partitions of a day unless they are there. A table that is attached stops no reader and no writer; one created as a partition would.
CREATE FUNCTION create_day(wanted date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  child  text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['events', 'statements'] LOOP
    child := parent || to_char(wanted, '"_"YYYYMMDD');
    IF to_regclass(child) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('sluice-audit-days'));
      IF to_regclass(child) IS NULL THEN
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, wanted, wanted + 1);
      END IF;
    END IF;
  END LOOP;
END $$;
