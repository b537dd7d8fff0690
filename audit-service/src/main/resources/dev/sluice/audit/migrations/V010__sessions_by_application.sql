-- Sessions are found by the application that they name.

CREATE INDEX sessions_by_application ON sessions (application, started_at DESC, session_id DESC) WHERE application IS NOT NULL;
