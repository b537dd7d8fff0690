-- The schema of the lineage tests: every way in which a value can reach a result has its object here.
create type address as (street text, zip text);
create type mood as enum ('calm', 'busy', 'lost');
create domain email_address as text check (value like '%@%');
create table customers (
    id int primary key, name text, ssn varchar(11) unique, email email_address, city text, balance numeric(12, 2), born date,
    profile jsonb, tags text[], active boolean, manager int, home address, feeling mood,
    initial text generated always as (left(name, 1)) stored);
create table orders (id int primary key, customer int, amount numeric(10, 2), note text, placed timestamptz, kind varchar(8));
create table items (order_id int, line int, sku text, qty int, primary key (order_id, line));
create table staff (id int primary key, boss int, name text, salary int, secret text);
create table events (id int, what text, severity int);
create table events_archive (archived date) inherits (events);
create table measures (day int, city text, reading float8) partition by range (day);
create table measures_low partition of measures for values from (0) to (50);
create table measures_high partition of measures for values from (50) to (1000);
create table notes (id int primary key, owner text, body text, rank int);
create table guarded (id int primary key, owner int, word text);
alter table guarded enable row level security;
alter table guarded force row level security;
create policy own_rows on guarded using (owner > 1) with check (owner > 1);
create view customer_names as select id, name, city from customers;
create view customer_cards as select id as card, upper(name) as label, right(ssn, 4) as tail, city from customers where active;
create view big_orders with (security_barrier) as select o.id, o.amount, c.name, c.ssn from orders o join customers c on c.id = o.customer where o.amount > 10;
create view nested_cards as select k.card, k.tail, b.amount from customer_cards k left join big_orders b on b.id = k.card;
create view writable_notes as select id, body, rank from notes where rank >= 0 with check option;
create table logged (id int primary key, word text);
create rule remember as on update to logged do also insert into notes (id, body) values (new.id + 1000, old.word);
create rule keep as on delete to logged do instead nothing;
insert into logged values (1, 'one'), (2, 'two');
create rule tell as on insert to logged do also select ssn from customers;
create materialized view cities as select city, count(*) as people from customers group by city;
create function add_one(i int) returns int language sql immutable as 'select i + 1';
create function ssn_of(wanted int) returns text language sql stable as 'select ssn::text from customers where id = wanted';
create function names_in(town text) returns table (id int, name text) language sql stable as 'select c.id, c.name from customers c where c.city = town';
create function peek(wanted int) returns text language plpgsql stable as 'begin return (select ssn from customers where id = wanted); end';
create aggregate glue(text) (sfunc = textcat, stype = text, initcond = '');
create role reader login;
grant select, insert, update, delete on all tables in schema public to reader;
