;

-- only a comment

/* another */ ;

 ;  ; 

SELECT

SELECT WHERE false

SELECT; SELECT

VALUES (1), (2)

TABLE pg_catalog.pg_am LIMIT 0
