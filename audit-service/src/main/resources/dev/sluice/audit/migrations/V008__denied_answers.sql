-- Which content detectors have denied an answer.

ALTER TABLE statements ADD COLUMN denied_by text[];
COMMENT ON COLUMN statements.denied_by IS 'Detectors that found something in the answer and denied it; absent in rows from before this column';
