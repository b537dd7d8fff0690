-- The history of an approval by its id: a statement that was sent again is released in another session than the one that asked.

CREATE INDEX events_by_approval ON events (subject) WHERE topic IN ('sluice.approvals', 'sluice.verdicts');
