-- What statements are part of, where their time went, and the answers that were kept.

ALTER TABLE sessions ADD COLUMN trace_id text;
CREATE INDEX sessions_by_trace ON sessions (trace_id) WHERE trace_id IS NOT NULL;

ALTER TABLE statements
  ADD COLUMN trace_id         text,
  ADD COLUMN queued_micros    bigint,
  ADD COLUMN analysis_micros  bigint,
  ADD COLUMN held_micros      bigint,
  ADD COLUMN recording_micros bigint,
  ADD COLUMN server_micros    bigint,
  ADD COLUMN total_micros     bigint,
  ADD COLUMN result_chunks    bigint,
  ADD COLUMN result_rows      bigint,
  ADD COLUMN result_bytes     bigint,
  ADD COLUMN result_digest    text,
  ADD COLUMN result_whole     boolean;
CREATE INDEX statements_by_trace ON statements (trace_id, started_at) WHERE trace_id IS NOT NULL;

CREATE TABLE results (
  day            date        NOT NULL,
  session_id     text        NOT NULL,
  statement_id   text        NOT NULL,
  chunk          bigint      NOT NULL,
  topic          text        NOT NULL,
  partition      integer     NOT NULL,
  record_offset  bigint      NOT NULL,
  recorded_at    timestamptz NOT NULL,
  record         bytea       NOT NULL,
  PRIMARY KEY (session_id, statement_id, chunk, topic, partition, record_offset, day)
) PARTITION BY RANGE (day);
COMMENT ON COLUMN results.day IS 'On which the chunk was recorded';
COMMENT ON COLUMN results.record IS 'The exact bytes of the record';

-- Whether a legal hold names the session, its principal or its target.
CREATE FUNCTION on_hold(s sessions) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
       SELECT FROM legal_holds h
       WHERE h.placed_at IS NOT NULL AND h.lifted_at IS NULL
         AND ((h.kind = 'session' AND h.value = s.session_id)
           OR (h.kind = 'principal' AND h.value IN (s.principal, s.on_behalf_of))
           OR (h.kind = 'target' AND h.value = s.target)))
$$;

CREATE OR REPLACE FUNCTION create_day(wanted date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  child  text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['events', 'statements', 'results'] LOOP
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
