-- Sessions of the gateway's login that the server has and that did not come through the gateway.

ALTER TABLE sessions ADD COLUMN bypassed_at timestamptz;
ALTER TABLE sessions ADD COLUMN server_process bigint;
COMMENT ON COLUMN sessions.bypassed_at IS 'When a gateway saw that this session of its login had not come through it; what the session does is on no record';
CREATE INDEX sessions_bypassed ON sessions (bypassed_at) WHERE bypassed_at IS NOT NULL;

-- Who has seen which columns that a mask names, masked or not.

ALTER TABLE statements ADD COLUMN mask_rules text[];
ALTER TABLE statements ADD COLUMN exposed text[];
ALTER TABLE statements ADD COLUMN exposed_rules text[];
ALTER TABLE statements ADD COLUMN exemptions text[];
COMMENT ON COLUMN statements.mask_rules IS 'The mask of each column in "masks"';
COMMENT ON COLUMN statements.exposed IS 'Columns that a mask names and that the caller may have seen as they are; their masks are in exposed_rules, the reasons in exemptions';
