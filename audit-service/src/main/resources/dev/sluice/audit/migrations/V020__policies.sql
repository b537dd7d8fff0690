-- Which policies gateways have judged by, and since when.

ALTER TABLE sessions ADD COLUMN policy_loaded_at timestamptz;
ALTER TABLE sessions ADD COLUMN previous_policy_version text;
COMMENT ON COLUMN sessions.policy_loaded_at IS 'The record is no session''s: at this time a gateway began to judge by policy_version';
COMMENT ON COLUMN sessions.previous_policy_version IS 'What it had judged by before; absent at its start';
CREATE INDEX sessions_policy_loaded ON sessions (policy_version, policy_loaded_at) WHERE policy_loaded_at IS NOT NULL;
