-- Who has asked for evidence, what must be kept beyond its time, and what is left of what was dropped.

CREATE TABLE accesses (
  event_id       text        NOT NULL PRIMARY KEY,
  accessed_at    timestamptz NOT NULL,
  caller         text        NOT NULL,
  issuer         text        NOT NULL,
  groups         text[],
  client_address text,
  method         text,
  route          text,
  session_id     text,
  parameters     text[],
  permitted      boolean     NOT NULL,
  reason         text
);
CREATE INDEX accesses_by_time ON accesses (accessed_at DESC, event_id DESC);
CREATE INDEX accesses_by_session ON accesses (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE legal_holds (
  legal_hold_id text NOT NULL PRIMARY KEY,
  kind          text,
  value         text,
  reason        text,
  placed_by     text,
  placed_at     timestamptz,
  lifted_by     text,
  lifted_at     timestamptz,
  lift_reason   text
);

CREATE TABLE dropped_sessions (
  session_id      text        NOT NULL PRIMARY KEY,
  principal       text,
  target          text,
  started_at      timestamptz NOT NULL,
  last_at         timestamptz NOT NULL,
  closed_at       timestamptz,
  statements      bigint      NOT NULL,
  last_sequence   bigint      NOT NULL,
  last_digest     text        NOT NULL,
  sealed_sequence bigint,
  sealed_digest   text,
  seal            text,
  dropped_at      timestamptz NOT NULL
);
CREATE INDEX dropped_sessions_by_time ON dropped_sessions (started_at DESC, session_id DESC);
COMMENT ON TABLE dropped_sessions IS 'Sessions whose records are past their retention: the end of the chain and the gateway''s signature over it, which prove any copy of the records';

-- The target's retention, or the usual one, has passed since the session's last record, and no legal hold names it.
CREATE FUNCTION expired(s sessions, at timestamptz, usual interval, targets text[], limits interval[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT s.last_at < at - coalesce((SELECT l.kept FROM unnest(targets, limits) AS l (target, kept) WHERE l.target = s.target), usual)
     AND NOT EXISTS (
       SELECT FROM legal_holds h
       WHERE h.placed_at IS NOT NULL AND h.lifted_at IS NULL
         AND ((h.kind = 'session' AND h.value = s.session_id)
           OR (h.kind = 'principal' AND h.value IN (s.principal, s.on_behalf_of))
           OR (h.kind = 'target' AND h.value = s.target)))
$$;
