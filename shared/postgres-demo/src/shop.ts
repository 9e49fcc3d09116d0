/**
 * The shop's tables and rows: about 50,000, the same in every build. Two flaws are planted: `orders.customer_id` has no index,
 * so the orders of one customer are found by reading all; and `events` has two indexes on the same column.
 */
export const SHOP = `
CREATE TABLE customers (
  id int PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  country text NOT NULL,
  joined_on date NOT NULL
);
COMMENT ON TABLE customers IS 'People who have an account';
COMMENT ON COLUMN customers.country IS 'Two letters, as in ISO 3166-1';

CREATE TABLE products (
  id int PRIMARY KEY,
  name text NOT NULL,
  category text NOT NULL,
  price numeric(8,2) NOT NULL CHECK (price > 0)
);

CREATE TYPE order_status AS ENUM ('placed', 'paid', 'shipped', 'returned');
CREATE TABLE orders (
  id int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  status order_status NOT NULL,
  placed_at timestamptz NOT NULL
);
COMMENT ON COLUMN orders.placed_at IS 'When the customer confirmed it';
CREATE INDEX orders_by_time ON orders (placed_at);

CREATE TABLE order_items (
  order_id int NOT NULL REFERENCES orders,
  product_id int NOT NULL REFERENCES products,
  quantity int NOT NULL CHECK (quantity > 0),
  unit_price numeric(8,2) NOT NULL,
  PRIMARY KEY (order_id, product_id)
);
COMMENT ON COLUMN order_items.unit_price IS 'The price on the day of the order';
CREATE INDEX order_items_by_product ON order_items (product_id);

CREATE TABLE events (
  id int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  kind text NOT NULL,
  happened_at timestamptz NOT NULL,
  details jsonb NOT NULL
);
COMMENT ON TABLE events IS 'What customers did on the web site';
CREATE INDEX events_by_customer ON events (customer_id);
CREATE INDEX events_by_time ON events (happened_at);
CREATE INDEX events_happened_at ON events (happened_at);

CREATE VIEW order_totals AS
  SELECT o.id, o.customer_id, o.status, o.placed_at, sum(i.quantity * i.unit_price) AS total
  FROM orders o JOIN order_items i ON i.order_id = o.id GROUP BY o.id;

-- A number from 0 to below the second argument, as if by chance but always the same.
CREATE FUNCTION pg_temp.pick(seed text, below int) RETURNS int LANGUAGE sql IMMUTABLE
  AS $$ SELECT (('x' || substr(md5(seed), 1, 7))::bit(28)::int) % below $$;

INSERT INTO customers
SELECT g, (ARRAY['Ada','Bo','Chen','Dana','Eli','Fatima','Goran','Hana','Ines','Jonas'])[1 + pg_temp.pick('first' || g, 10)] || ' ' ||
    (ARRAY['Abe','Berg','Costa','Diaz','Eriksen','Fischer','Garcia','Horvat','Ito','Jansen','Kaya','Lind'])[1 + pg_temp.pick('last' || g, 12)],
  'customer' || g || '@example.com',
  (ARRAY['DE','DE','DE','FR','FR','ES','PT','NL','SE','JP'])[1 + pg_temp.pick('country' || g, 10)],
  date '2022-01-01' + pg_temp.pick('joined' || g, 1400)
FROM generate_series(1, 2000) g;

INSERT INTO products
SELECT g, (ARRAY['Oak','Steel','Linen','Glass','Wool'])[1 + pg_temp.pick('stuff' || g, 5)] || ' ' ||
    (ARRAY['chair','lamp','blanket','bowl','desk','shelf','mug','rug'])[1 + pg_temp.pick('thing' || g, 8)] || ' ' || g,
  (ARRAY['furniture','light','textile','kitchen'])[1 + pg_temp.pick('category' || g, 4)],
  5 + pg_temp.pick('price' || g, 40000) / 100.0
FROM generate_series(1, 300) g;

INSERT INTO orders
SELECT g, 1 + pg_temp.pick('customer' || g, 2000),
  (ARRAY['placed','paid','shipped','shipped','shipped','shipped','shipped','returned'])[1 + pg_temp.pick('status' || g, 8)]::order_status,
  timestamptz '2024-01-01 00:00+00' + pg_temp.pick('placed' || g, 730 * 24 * 60) * interval '1 minute'
FROM generate_series(1, 12000) g;

INSERT INTO order_items
SELECT o.id, p.id, 1 + pg_temp.pick('quantity' || o.id || '-' || n, 3), p.price
FROM orders o CROSS JOIN generate_series(1, 3) n
JOIN products p ON p.id = 1 + pg_temp.pick('product' || o.id || '-' || n, 300)
WHERE n <= 1 + pg_temp.pick('items' || o.id, 3) ON CONFLICT DO NOTHING;

INSERT INTO events
SELECT g, 1 + pg_temp.pick('visitor' || g, 2000),
  (ARRAY['view','view','view','view','search','basket','checkout','review'])[1 + pg_temp.pick('kind' || g, 8)],
  timestamptz '2025-01-01 00:00+00' + pg_temp.pick('happened' || g, 365 * 24 * 60) * interval '1 minute',
  jsonb_build_object('product', 1 + pg_temp.pick('seen' || g, 300), 'device', (ARRAY['phone','desk','tablet'])[1 + pg_temp.pick('device' || g, 3)])
FROM generate_series(1, 13000) g;

CREATE EXTENSION pg_stat_statements;
CREATE ROLE reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC;
`;
