-- Whether the placement of a legal hold was proven when it was read.

ALTER TABLE legal_holds ADD COLUMN proven boolean;
COMMENT ON COLUMN legal_holds.proven IS 'False where no known key of the audit-service has signed the placement: the hold counts under a name of its own, and keeps what it names';
