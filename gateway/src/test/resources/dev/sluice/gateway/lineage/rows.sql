insert into customers (id, name, ssn, email, city, balance, born, profile, tags, active, manager, home, feeling) values
    (1, 'Ada', '111-22-3333', 'ada@a.example', 'Bern', 10.50, '1980-01-02', '{"ssn": "111", "age": 40, "list": [1, 2]}', '{x,y}', true, null, '("Main 1",3000)', 'calm'),
    (2, 'Bob', '222-33-4444', 'bob@b.example', 'Basel', 20.00, '1985-03-04', '{"ssn": "222", "age": 36, "list": [3]}', '{y}', true, 1, '("Side 2",4000)', 'busy'),
    (3, 'Cyd', '333-44-5555', 'cyd@c.example', 'Bern', 35.25, '1990-05-06', '{"ssn": "333", "age": 31}', '{x,z,w}', false, 1, '("High 3",3001)', 'lost'),
    (4, 'Dan', '944-55-6666', 'dan@d.example', 'Chur', 0.00, '1975-07-08', '{"ssn": "944", "age": 46, "list": []}', '{}', true, 2, '("Low 4",7000)', 'calm'),
    (5, 'Eve', '955-66-7777', 'eve@e.example', 'Basel', 99.90, '2000-09-10', '{"age": 21}', '{q}', true, 3, null, 'busy');
insert into orders values
    (1, 1, 5.00, 'first', '2024-01-01 10:00+00', 'web'), (2, 1, 15.00, 'second', '2024-01-05 11:00+00', 'shop'), (3, 2, 25.50, 'third', '2024-02-01 12:00+00', 'web'),
    (4, 3, 11.00, null, '2024-02-03 13:00+00', 'post'), (5, 5, 40.00, 'fifth', '2024-03-01 14:00+00', 'web'), (6, 9, 7.00, 'orphan', '2024-03-04 15:00+00', 'shop');
insert into items values (1, 1, 'pen', 3), (1, 2, 'ink', 1), (2, 1, 'pen', 10), (3, 1, 'pad', 2), (4, 1, 'ink', 4), (5, 1, 'mug', 1), (5, 2, 'pen', 5);
insert into staff values (1, null, 'Root', 100, 'r'), (2, 1, 'Left', 80, 'l'), (3, 1, 'Right', 85, 'g'), (4, 2, 'Leaf', 60, 'f');
insert into events values (1, 'boot', 3), (2, 'halt', 5);
insert into events_archive values (3, 'fire', 9, '2020-01-01'), (4, 'calm', 1, '2021-01-01');
insert into measures values (10, 'Bern', 1.5), (20, 'Basel', 2.5), (60, 'Bern', 3.5), (70, 'Chur', 4.5);
insert into notes values (1, 'Ada', 'red', 1), (2, 'Bob', 'blue', 2), (3, 'Cyd', 'green', 3);
insert into guarded values (1, 1, 'alpha'), (2, 2, 'beta'), (3, 3, 'gamma');
refresh materialized view cities;
analyze;
