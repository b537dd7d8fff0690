SELECT '\xdeadbeef00'::bytea, B'10101'::bit(5), '101'::varbit, '192.168.0.1/24'::inet, '10.0.0.0/8'::cidr, '08:00:2b:01:02:03'::macaddr, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid

SET bytea_output = 'escape'

SELECT '\xdeadbeef00'::bytea, ''::bytea
