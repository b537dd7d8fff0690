-- One statement a line; "@17 " before it: from PostgreSQL 17 on.
select id, name, ssn from customers
select * from customers
select c.* from customers c where c.id = 1
select name as ssn, ssn as name from customers
select upper(name), ssn || '-' || city, length(ssn) from customers
select count(*) from customers
select count(*) from customers where ssn like '9%'
select count(ssn), min(ssn), max(ssn) from customers
select city, count(*), sum(balance) from customers group by city
select city, count(*) from customers group by city having max(ssn) > '5' order by city
select substr(ssn, 1, 1), count(*) from customers group by substr(ssn, 1, 1)
select substr(ssn, 1, 1) as first, count(*) from customers group by 1 order by 2 desc, 1
select distinct city from customers
select distinct on (city) city, name, ssn from customers order by city, ssn desc
select name from customers order by ssn
select name from customers order by ssn limit 1
select name from customers order by id limit (select length(min(ssn)) from customers) offset 1
select name from customers fetch first 2 rows only
select case when ssn like '9%' then 'nine' else name end from customers
select case city when 'Bern' then ssn when name then 'self' else null end from customers
select coalesce(tags[1], ssn), nullif(ssn, '111-22-3333'), greatest(ssn, name), least(id, manager) from customers
select ssn is null, ssn = '111-22-3333', ssn between '1' and '3', ssn in ('111-22-3333', 'x'), ssn is distinct from name from customers
select name from customers where ssn = '111-22-3333'
select name from customers where ssn in ('111-22-3333', '222-33-4444')
select name from customers where ssn = any (array['111-22-3333', city])
select name from customers where not (ssn = '111-22-3333') and (active or city is null)
select name from customers where active
select name from customers where ssn is not distinct from '111-22-3333'
select name from customers where (ssn, city) = ('111-22-3333', 'Bern')
select name from customers where (ssn, city) < ('222-33-4444', 'Bern')
select name from customers where ssn > '3' or length(ssn) = 11
select name from customers where ssn similar to '9%' or ssn ~ '^1' or ssn ilike '2%'
select name from customers where name = upper(ssn)
select c.name, o.amount from customers c join orders o on o.customer = c.id
select c.name, o.amount from customers c left join orders o on o.customer = c.id and c.ssn like '9%'
select c.name, o.amount from customers c right join orders o on o.customer = c.id
select c.name, o.amount from customers c full join orders o on o.customer = c.id
select * from customers natural join (select id, note from orders) o
select id, name, note from customers full join orders using (id)
select j.id, j.sku from (orders o join items i on i.order_id = o.id) as j
select j from (orders o join items i on i.order_id = o.id) as j
@14 select j.* from customers c join orders o using (id) as j
select a.ssn, b.ssn from customers a, customers b where a.ssn < b.ssn
select a.name from customers a join customers b on a.ssn = b.ssn
select a.name from customers a join customers b on a.ssn = b.city || b.name
select (select name from customers where id = o.customer) from orders o
select (select ssn from customers c where c.id = o.customer and c.city = 'Bern'), o.id from orders o
select exists (select 1 from customers where ssn like '9%') from orders
select o.id, exists (select 1 from customers c where c.id = o.customer and c.ssn like '9%') from orders o
select o.id from orders o where exists (select 1 from customers c where c.id = o.customer and c.ssn like '9%')
select o.id from orders o where o.customer in (select id from customers where city = 'Bern')
select o.id from orders o where o.customer not in (select manager from customers where manager is not null)
select name from customers where ssn = (select max(ssn) from customers)
select name from customers where id = (select customer from orders where id = 3)
select array(select ssn from customers order by id), array(select name from customers where active)
select name from customers where id > all (select customer from orders where amount < 10)
select name from customers where (id, name) in (select customer, note from orders)
select (select count(*) from orders o where o.customer = c.id), c.id from customers c
select row(id, ssn), row(id, ssn) = row(1, name) from customers
select c from customers c
select (c).ssn, (c).id from customers c
select c::text, to_json(c), row_to_json(c) from customers c
select (c.home).street, (home).zip, home from customers c
select (row(id, ssn)::record)::text from customers
select count(c) from customers c
select customers is null from customers
select array_agg(ssn order by id), string_agg(name, ',' order by ssn), json_agg(c) from customers c
select count(*) filter (where ssn like '9%'), count(distinct city), sum(balance) filter (where active) from customers
select percentile_disc(0.5) within group (order by balance), mode() within group (order by ssn) from customers
select glue(name order by id) from customers
select city, grouping(city), grouping(active), count(*) from customers group by rollup (city, active)
select city, active, count(*) from customers group by grouping sets ((city), (active), ())
select city, feeling, max(ssn) from customers group by cube (city, feeling) having count(*) > 0
select row_number() over (order by ssn), name from customers
select rank() over (partition by city order by balance desc), lag(ssn) over w, sum(balance) over (w rows between 1 preceding and current row) from customers window w as (order by id)
select name, count(*) over (partition by ssn) from customers
select first_value(name) over (order by ssn range between unbounded preceding and unbounded following) from customers
select name from (select name, row_number() over (order by ssn) as place from customers) s where place = 1
select s.label from (select name || ssn as label, id from customers) s where s.id < 3
select x from (select ssn as x from customers) s order by x
select s.name from (select name from customers where ssn like '1%' offset 0) s
select s.name from (select name, ssn from customers) s
select o.id, l.name from orders o, lateral (select c.name from customers c where c.id = o.customer) l
select o.id, l.top from orders o left join lateral (select max(i.qty) as top from items i where i.order_id = o.id) l on true
select c.name, t.word from customers c, unnest(c.tags) as t (word)
select c.name, t.word, t.n from customers c cross join lateral unnest(c.tags) with ordinality as t (word, n)
select c.name, x.a, x.b from customers c, rows from (unnest(c.tags), generate_series(1, c.id)) as x (a, b)
select name, unnest(tags), generate_series(1, length(ssn) / 11) from customers
select name, regexp_split_to_table(ssn, '-') from customers
select g from generate_series(1, 3) g
select g, add_one(g) from generate_series(1, (select count(*)::int from customers)) g
select id, ssn from customers union select id, note from orders
select ssn from customers union all select '111-22-3333'
select ssn from customers union select '111-22-3333'
select ssn from customers intersect select '111-22-3333'
select id from customers intersect select customer from orders
select id from customers except select customer from orders order by 1
select city, ssn from customers except all select 'Bern', name from customers
(select id, name from customers where city = 'Bern' union all select id, note from orders) order by 1 limit 3
select x.a from (select name as a from customers union select sku from items except select ssn from customers) x
with c as (select id, ssn from customers) select c.id, c.ssn from c
with c as (select id, ssn from customers), d as (select id, upper(ssn) as s from c) select d.s, c.id from c join d using (id)
with c as materialized (select name, ssn from customers where ssn like '1%') select name from c
with c as (select name from customers where ssn like '1%') select 1 as one
with c (a, b) as (values (1, 'x'), (2, 'y')) select a, b from c
with recursive chain as (select id, manager, name, 0 as depth from customers where manager is null union all select c.id, c.manager, c.name || chain.name, chain.depth + 1 from customers c join chain on c.manager = chain.id) select name, depth from chain
with recursive chain (id, path) as (select id, ssn::text from customers where id = 1 union select c.id, chain.path from customers c, chain where c.manager = chain.id) select * from chain
with recursive a (x, y, z) as (select 1, 'a'::text, 'b'::text union all select a.x + 1, a.z, (select c.ssn from customers c where c.id = a.x)::text from a where a.x < 5) select x, y from a
with recursive n (i) as (values (1) union all select i + 1 from n where i < 5) select i, name from n join customers c on c.id = n.i
@14 with recursive t (id, manager) as (select id, manager from customers where id = 1 union all select c.id, c.manager from customers c join t on c.manager = t.id) search depth first by id set path select id, path from t
@14 with recursive t (id, manager) as (select id, manager from customers where id = 1 union all select c.id, c.manager from customers c join t on c.manager = t.id) cycle id set looped using trail select * from t
with recursive outermost (i) as (select 1 union all select o.i + n.j from outermost o, lateral (with recursive innermost (j) as (select 1 union all select j + 1 from innermost where j < 2) select j from innermost) n where o.i < 5) select i from outermost
values (1, 'a'), (2, 'b')
select v.a, v.b from (values (1, 'x'), (2, (select min(ssn) from customers))) v (a, b)
select * from customer_names
select card, tail from customer_cards
select card, label from customer_cards where tail = '3333'
select name, ssn from big_orders where id > 0
select * from nested_cards
select n.card from nested_cards n
select city, people from cities
select profile -> 'ssn', profile ->> 'age', profile #>> '{list,0}' from customers where profile ? 'ssn'
@14 select profile['ssn'] from customers where profile ? 'ssn'
select tags[1], tags[1:2], array_length(tags, 1), tags || name from customers
select jsonb_each(profile), jsonb_build_object('s', ssn) from customers
select k.key, k.value from customers c, jsonb_each_text(c.profile) k
select jsonb_path_query(profile, '$.list[*]') from customers
select x.* from customers c, jsonb_to_record(c.profile) as x (ssn text, age int)
select x.n from xmltable('/a/b' passing (select xmlelement(name a, xmlelement(name b, ssn)) from customers where id = 1) columns n text path '.') x
select xmlelement(name a, xmlattributes(ssn as s), name), xmlforest(ssn, city), xmlconcat(xmlelement(name b, id)) from customers
select xmlserialize(content xmlelement(name x, ssn) as text) from customers
@16 select json_object('s' : ssn, 'n' : name absent on null), json_array(ssn, id), json_array(select ssn from customers) from customers
@16 select json_objectagg(name : ssn), json_arrayagg(ssn order by id) from customers
@16 select ssn is json, profile is json object from customers
@17 select json_value(profile, '$.ssn'), json_query(profile, '$.list' with wrapper), json_exists(profile, '$.age ? (@ > $x)' passing id as x) from customers
@17 select j.a, j.s from customers c, json_table(c.profile, '$' columns (a int path '$.age', s text path '$.ssn' default 'none' on empty, nested path '$.list[*]' columns (n int path '$'))) j
@17 select json(profile::text), json_scalar(ssn), json_serialize(profile) from customers
select ctid, tableoid::regclass, xmin is not null from customers
select initial from customers
select email, lower(email::text), feeling, feeling::text, ssn::text, name::varchar(3), id::text, balance::int from customers
select born + 1, extract(year from born) as year, age(born, '2020-01-01'), born::timestamp from customers
select current_user, current_date is not null, now() is not null, session_user from customers where id = 1
select ssn collate "C" < name from customers
select event.what from events event
select what, severity from events where id > 2
select * from only events
select city, reading from measures where day < 30
select reading from measures_low
select e.tableoid::regclass::text, e.what from events e
select id, word from guarded
select ssn_of(1), ssn_of(id) from orders
select * from names_in('Bern')
select n.name from orders o, names_in(o.note) n
select peek(id) from orders
select name from customers where ssn_of(id) like '9%'
select c.name from customers c tablesample bernoulli (100) repeatable (1)
select name from customers for update
select $1::int, name from customers where id = $1
select name from customers where ssn = $1
select name from customers where ssn like $1
select ssn from customers where false
insert into notes values (10, 'Zed', 'new', 9)
insert into notes (id, owner) values (11, 'a'), (12, 'b')
insert into notes (id, owner, body) select id + 20, name, ssn from customers
insert into notes (id, body) select id + 30, ssn from customers returning id, body, owner
insert into notes (id, body) values (40, (select ssn from customers where id = 1)) returning *
insert into notes (id, body) values (1, 'x') on conflict (id) do nothing returning id
insert into customers (id, ssn) values (1, '111-22-3333') on conflict (ssn) do nothing returning id
insert into notes as n (id, body, rank) select id, ssn, 1 from customers on conflict (id) do update set body = excluded.body || n.owner, rank = n.rank + 1 where n.rank < 3 returning n.body, n.rank
insert into notes (id, body) values (1, 'x') on conflict (id) do update set (body, rank) = (select ssn, id from customers where id = 2) returning body
insert into events default values
insert into writable_notes (id, body, rank) select id + 50, city, 1 from customers returning body
insert into guarded values (9, 3, 'delta') returning word
update notes set body = c.ssn from customers c where c.id = notes.id returning notes.id, notes.body
update notes set body = 'x' where owner = 'Ada' returning *
update notes set (body, rank) = (select ssn, id from customers c where c.id = notes.id) where id < 3 returning body, rank
update customers set tags[1] = ssn, home.street = name where id = 1 returning tags, home
update writable_notes set rank = rank + 1 where body like 'r%' returning id, body
update customers set name = 'x' where ssn like '9%'
update notes set body = default
update events set what = upper(what) where severity > 2 returning what
delete from notes where owner = 'Ada' returning body
delete from notes using customers c where c.name = notes.owner and c.ssn like '1%' returning c.city, notes.id
delete from notes where id in (select id from customers where ssn like '9%')
with gone as (delete from notes where rank > 1 returning id, body) select body from gone
insert into notes (id, body) select id, ssn from customers on conflict do nothing returning id
select string_agg(name, ','), string_agg('x', ',' order by ssn) from customers
select string_agg(name, ','), count(distinct ssn) from customers
with gone as (delete from notes where body like 'x%') select count(*) from customers
with fresh as (insert into notes (id, body) select id + 60, ssn from customers returning id, body) select body from fresh where id > 61
with moved as (update notes set body = owner returning id, body as b) select c.name, m.b from moved m join customers c using (id)
with gone as (delete from notes returning owner) insert into items (order_id, line, sku) select 9, 9, min(owner) from gone returning sku
@15 merge into notes n using customers c on n.id = c.id when matched and c.ssn like '1%' then update set body = c.ssn when matched then delete when not matched then insert (id, body) values (c.id, c.name)
@15 merge into notes n using (select id, city from customers) c on n.id = c.id when matched then do nothing when not matched then insert values (c.id, c.city, 'b', 1)
@17 merge into notes n using customers c on n.id = c.id when matched then update set body = c.ssn when not matched then insert (id, body) values (c.id, c.name) returning merge_action(), n.id, n.body, c.city
@17 merge into notes n using customers c on n.id = c.id when not matched by source then delete when matched then do nothing
@17 with m as (merge into notes n using customers c on n.id = c.id when matched then update set body = c.ssn returning n.body) select body from m
@18 update notes set body = owner returning old.body, new.body, old.rank + new.rank
@18 update notes set body = c.ssn from customers c where c.id = notes.id returning old, new.body
@18 insert into notes (id, body) values (1, 'x') on conflict (id) do update set body = excluded.body returning old.body, new.body
@18 delete from notes returning old.body, new.body
@18 select n.x from (select ssn as x, count(*) from customers group by ssn) n
select (select c.ssn) from customers c
select (c.home).street || (c.home).zip from customers c where (c.home).zip is not null
select (s.k).id, (s.k).ssn from (select c as k from customers c) s
select v.x from customers c, lateral (values (c.ssn), (c.name)) v (x)
select (select max(c.ssn) from orders o limit 1) from customers c group by c.city
select id from customers c where exists (select 1 from orders o where exists (select 1 from items i where i.order_id = o.id and i.sku < c.ssn))
select name, sum(balance) over x from customers window w as (partition by city), x as (w order by id)
select name from customers order by city fetch first 2 rows with ties
select from customers where ssn like '1%'
select name from customers order by ssn like '9%', id
select name from customers order by (select count(*) from orders o where o.customer = customers.id), id
select city, count(*) from customers c group by city having exists (select 1 from orders o where o.note = max(c.ssn))
select count(*) filter (where exists (select 1 from orders o where o.customer = c.id and o.note = c.ssn)) from customers c
select distinct city, upper(ssn) from customers
select count(*) from (select distinct ssn from customers) s
select max(c) from (select count(*) as c from customers group by ssn) s
select s.n from (select count(*) as n, ssn from customers group by ssn) s where s.ssn = '111-22-3333'
select add_one(i => id), concat(variadic tags) from customers
select array_agg(id)::text[], array[id::text, ssn] from customers group by id, ssn
select tags[id], tags[1:id], (array[name, ssn])[2] from customers
select row(ssn, id) is distinct from row('x', 1), (ssn, id) > (name, manager) from customers
select substring(ssn from '\d+'), ssn is normalized, overlay(name placing ssn from 1), position(city in ssn) from customers
select placed at time zone 'UTC', date_trunc('month', placed), (placed, interval '1 day') overlaps (now(), interval '1 day') from orders
select case when exists (select 1 from orders o where o.customer = c.id) then name end from customers c
select coalesce((select o.note from orders o where o.id = c.id), c.ssn) from customers c
select * from (select id, ssn from customers union all select id, secret from staff) u where u.ssn like '1%'
select * from (values (1, 'a')) v (id, x) join customers using (id)
with a as (select id, ssn from customers), b as (select id from a where ssn like '1%') select o.note from orders o where o.customer in (select id from b)
with a as (select ssn from customers) select (with b as (select max(ssn) as m from a) select m from b), (select count(*) from a)
with recursive t as (select id, ssn, 1 as n from customers where id = 1 union all (select c.id, t.ssn, t.n + 1 from customers c, t where c.id = t.id + 1 and t.n < 3)) select n, max(ssn) from t group by n
select u.x from unnest(array(select ssn from customers)) u (x)
select u.x, u.y from unnest(array[1, 2], (select array_agg(ssn) from customers)) u (x, y)
select r.a from customers c, rows from (jsonb_to_record(c.profile) as (a text), generate_series(1, 2)) r
select x.n, x.o from customers c, xmltable('/r/v' passing xmlparse(document '<r><v>1</v><v>2</v></r>') columns n text path '.', o for ordinality) x
select s.a from (select c.ssn as a, o.note as b from customers c left join orders o on o.customer = c.id) s where s.b is null
select c.name from customers c where c.id = any (select o.customer from orders o where o.amount > 10)
select c.name from customers c where (select count(*) from orders o where o.customer = c.id) > 1
select a.name, b.name from customers a left join customers b on b.id = a.manager and b.ssn > a.ssn
select name from customers where (ssn like '9%') = active
select name from customers where case when ssn like '9%' then active else false end
select name from customers where coalesce(ssn, name) = 'x' or nullif(ssn, name) is null
select name from customers where ssn || '' = '111-22-3333'
select name from customers where tags @> array['x'] and profile @> '{"ssn": "111"}'
select name from customers where id in (1, 2) and ssn not in ('a', 'b')
select name from customers where ssn::text = '111-22-3333' and email = 'x@y' and feeling = 'calm' and born = '1980-01-02'
select ssn as "two words", name as "(paren) {brace} \back ""quote"" :relid <>" from customers "odd (table) {name}"
select count(*) from customers tablesample system (100)
select max(reading) from measures where city = 'Bern' group by day
select city, people from cities where people > 1
select n.* from notes n, cities where cities.city = n.owner
insert into notes (id, body) select id + 70, ssn from customers union all select id + 80, secret from staff
insert into notes (id, body) with c as (select ssn from customers) select 90, max(ssn) from c
insert into items (order_id, line, sku) values (1, (select count(*)::int + 10 from customers where ssn like '9%'), 'x') returning line, sku
insert into notes (id, owner) select id, name from customers where id = 4 on conflict (id) where true do update set owner = excluded.owner where excluded.owner <> notes.owner
update notes n set body = s.m from (select max(ssn) as m, city from customers group by city) s where s.city = 'Bern' returning s.m, n.body
update notes set rank = (select count(*) from customers where ssn > notes.body)
update only events set severity = severity + 1 where what = 'boot'
update customers c set balance = balance + 1 where exists (select 1 from orders o where o.customer = c.id and o.note like 'f%') returning c.id, c.balance, c.initial
delete from notes n using (select max(ssn) as m from customers group by city) s where s.m like '9%' and n.id < 3 returning s.m
delete from writable_notes where body = 'red' returning *
@15 merge into notes n using (select max(ssn) as m, 1 as id from customers) s on n.id = s.id and n.body < s.m when matched then update set (body, rank) = (s.m, 5)
@17 merge into writable_notes n using customers c on n.id = c.id when matched then update set body = c.ssn when not matched then insert (id, body, rank) values (c.id, c.city, 1) returning n.body, c.name
@18 update notes set body = owner returning with (old as before, new as after) before.body, after.body, before.rank is distinct from after.rank
@16 select any_value(ssn), array_shuffle(tags) is not null from customers group by tags
@14 select count(distinct m) from (select ssn as m from customers group by distinct rollup (ssn, city)) s
update logged set word = (select max(ssn) from customers where id = 1) where id < 10
delete from logged where word like 'a%'
insert into logged values (1, 'x')
