SELECT point(1,2), '((0,0),(1,1))'::box, '<(0,0),5>'::circle, '((0,0),(1,0),(1,1))'::polygon, '[(0,0),(1,1)]'::path

SELECT to_tsvector('english', 'The quick brown foxes jumped'), to_tsquery('english', 'fox & jump'), 'a'::"char", 'pg_class'::regclass, 'int4'::regtype, 'sum(int4)'::regprocedure
