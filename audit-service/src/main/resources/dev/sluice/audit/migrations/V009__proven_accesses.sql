-- Whether an access was proven when it was read.

ALTER TABLE accesses ADD COLUMN proven boolean;
COMMENT ON COLUMN accesses.proven IS 'False where no known key of the audit-service has signed the record: it lies under a name of its own. Absent in rows from before this column';
