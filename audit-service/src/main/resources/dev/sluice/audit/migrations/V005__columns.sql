-- Which columns statements name.

ALTER TABLE statements ADD COLUMN columns text[];
COMMENT ON COLUMN statements.columns IS 'As the statement wrote them: alone, with their table, with its schema; * for all of a table';
