-- SPDX-License-Identifier: Apache-2.0
-- The sample shop. Every value is computed from the row's number: no randomness, the same rows in every run.
BEGIN;
SET LOCAL ROLE sluice_gateway;

CREATE TABLE customers (
  id integer PRIMARY KEY,
  full_name text NOT NULL,
  email text NOT NULL UNIQUE,
  phone text NOT NULL,
  ssn text NOT NULL,
  date_of_birth date NOT NULL,
  street text NOT NULL,
  city text NOT NULL,
  country char(2) NOT NULL,
  created_at timestamptz NOT NULL
);
COMMENT ON TABLE customers IS 'Who buys here. ssn, phone, email and date_of_birth are personal data.';

CREATE TABLE cards (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE,
  card_number text NOT NULL,
  brand text NOT NULL,
  expires date NOT NULL
);

CREATE TABLE employees (
  id integer PRIMARY KEY,
  full_name text NOT NULL,
  email text NOT NULL UNIQUE,
  department text NOT NULL,
  manager_id integer REFERENCES employees,
  salary numeric(10, 2) NOT NULL,
  hired_on date NOT NULL
);

CREATE TABLE orders (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE,
  status text NOT NULL CHECK (status IN ('new', 'paid', 'shipped', 'returned')),
  total numeric(10, 2) NOT NULL,
  placed_at timestamptz NOT NULL
);

CREATE TABLE order_items (
  order_id integer NOT NULL REFERENCES orders ON DELETE CASCADE,
  line integer NOT NULL,
  product text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  unit_price numeric(10, 2) NOT NULL,
  PRIMARY KEY (order_id, line)
);

CREATE TABLE support_tickets (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE,
  order_id integer,
  assignee_id integer REFERENCES employees,
  subject text NOT NULL,
  body text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'waiting', 'closed')),
  opened_at timestamptz NOT NULL
);

INSERT INTO customers
SELECT
  n,
  (ARRAY['Ada', 'Bruno', 'Chiara', 'Dilan', 'Emre', 'Fatou', 'Grace', 'Hugo', 'Ines', 'Jonas', 'Kaya', 'Lena', 'Milan', 'Nora', 'Omar', 'Petra'])[1 + n * 7 % 16]
    || ' ' ||
    (ARRAY['Almeida', 'Berg', 'Costa', 'Diallo', 'Eriksen', 'Fischer', 'Garcia', 'Haas', 'Ivanova', 'Jensen', 'Kim', 'Lopez', 'Meyer', 'Novak', 'Okafor', 'Patel', 'Quinn'])[1 + n * 5 % 17],
  'customer' || n || '@example.com',
  '+1-555-' || lpad((n * 37 % 1000)::text, 3, '0') || '-' || lpad((n * 7919 % 10000)::text, 4, '0'),
  lpad((900 + n % 100)::text, 3, '0') || '-' || lpad((n * 13 % 100)::text, 2, '0') || '-' || lpad((n * 7907 % 10000)::text, 4, '0'),
  date '1950-01-01' + n * 6211 % 20000,
  (1 + n * 31 % 200) || ' ' || (ARRAY['Harbour', 'Mill', 'Station', 'Garden', 'Church', 'Market', 'River'])[1 + n % 7] || ' Street',
  (ARRAY['Hamburg', 'Lyon', 'Porto', 'Turin', 'Utrecht', 'Boston', 'Leeds', 'Graz'])[1 + n * 3 % 8],
  (ARRAY['DE', 'FR', 'PT', 'IT', 'NL', 'US', 'GB', 'AT'])[1 + n * 3 % 8],
  timestamptz '2022-01-01 08:00:00+00' + make_interval(mins => n * 173)
FROM generate_series(1, 6000) AS n;

-- Card numbers of the networks' published test ranges, completed to a valid Luhn check digit.
WITH numbered AS (
  SELECT n, (CASE n % 3 WHEN 0 THEN '411111' WHEN 1 THEN '555555' ELSE '400000' END) || lpad((n::bigint * 104729 % 1000000000)::text, 9, '0') AS digits
  FROM generate_series(1, 7000) AS n
)
INSERT INTO cards
SELECT
  n,
  1 + n * 11 % 6000,
  digits || (10 - (
    SELECT sum(CASE WHEN i % 2 = 1 THEN (ARRAY[0, 2, 4, 6, 8, 1, 3, 5, 7, 9])[1 + substr(digits, i, 1)::integer] ELSE substr(digits, i, 1)::integer END)
    FROM generate_series(1, 15) AS i) % 10) % 10,
  CASE n % 3 WHEN 1 THEN 'Mastercard' ELSE 'Visa' END,
  date '2027-01-01' + n * 17 % 1400
FROM numbered;

INSERT INTO employees
SELECT
  n,
  (ARRAY['Olivia', 'Pat', 'Quentin', 'Rosa', 'Samir', 'Tove', 'Uma', 'Viktor'])[1 + n % 8] || ' '
    || (ARRAY['Adeyemi', 'Brandt', 'Chen', 'Dumas', 'Engel', 'Farah', 'Gruber'])[1 + n % 7],
  'employee' || n || '@shop.example',
  (ARRAY['support', 'sales', 'finance', 'engineering', 'warehouse'])[1 + n % 5],
  CASE WHEN n > 10 THEN 1 + n % 10 END,
  38000 + n * 997 % 60000,
  date '2015-01-05' + n * 19 % 3600
FROM generate_series(1, 240) AS n;

INSERT INTO orders
SELECT
  n,
  1 + n * 4099 % 6000,
  (ARRAY['paid', 'shipped', 'shipped', 'shipped', 'new', 'returned'])[1 + n % 6],
  0,
  timestamptz '2024-01-01 06:00:00+00' + make_interval(mins => n * 79)
FROM generate_series(1, 12000) AS n;

INSERT INTO order_items
SELECT
  n,
  line,
  (ARRAY['desk lamp', 'kettle', 'notebook', 'backpack', 'water bottle', 'headphones', 'tea set', 'wool blanket', 'bicycle bell'])[1 + (n * 5 + line * 3) % 9],
  1 + (n + line) % 4,
  (499 + (n * 131 + line * 977) % 9000) / 100.0
FROM generate_series(1, 12000) AS n, generate_series(1, 1 + n % 3) AS line
WHERE (n + line) % 10 <> 0;

UPDATE orders SET total = items.total
FROM (SELECT order_id, sum(quantity * unit_price) AS total FROM order_items GROUP BY order_id) AS items
WHERE items.order_id = orders.id;

INSERT INTO support_tickets
SELECT
  n,
  (SELECT customer_id FROM orders WHERE id = 1 + n * 3 % 12000),
  1 + n * 3 % 12000,
  1 + n % 240,
  (ARRAY['Where is my parcel?', 'Refund please', 'Wrong item', 'Cannot log in', 'Invoice needed', 'Change my address'])[1 + n % 6],
  'Hello, this is about order ' || (1 + n * 3 % 12000) || '. ' ||
    CASE WHEN n % 50 = 0 THEN 'You can reach me at +1-555-010-' || lpad((n % 10000)::text, 4, '0') || '.' ELSE 'Thank you for your help.' END,
  (ARRAY['closed', 'closed', 'open', 'waiting'])[1 + n % 4],
  timestamptz '2024-02-01 09:00:00+00' + make_interval(mins => n * 211)
FROM generate_series(1, 4000) AS n;

COMMENT ON COLUMN support_tickets.order_id IS 'The order that the customer named. Not a foreign key: a ticket outlives its order.';

-- Last night's copy, so that what an approved mistake has destroyed can be put back.
CREATE SCHEMA backup;
CREATE TABLE backup.orders AS SELECT * FROM orders;
CREATE TABLE backup.order_items AS SELECT * FROM order_items;

CREATE INDEX ON cards (customer_id);
CREATE INDEX ON employees (manager_id);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (placed_at);
CREATE INDEX ON support_tickets (customer_id);
CREATE INDEX ON support_tickets (order_id);
CREATE INDEX ON support_tickets (assignee_id) WHERE state <> 'closed';

CREATE VIEW customer_overview AS
SELECT c.id, c.full_name, c.email, c.country, count(o.id) AS orders, coalesce(sum(o.total), 0) AS spent, max(o.placed_at) AS last_order
FROM customers AS c LEFT JOIN orders AS o ON o.customer_id = c.id
GROUP BY c.id;

COMMIT;
ANALYZE;
