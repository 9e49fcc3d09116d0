/** A shop's tables, with at least one object of each kind in a catalogue. */
export const SHOP = `
CREATE SCHEMA app;
CREATE SCHEMA "Odd Schema";
CREATE TYPE app.status AS ENUM ('open', 'done');
CREATE TABLE app.customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL UNIQUE,
  name text NOT NULL DEFAULT 'nobody',
  lower_name text GENERATED ALWAYS AS (lower(name)) STORED,
  CONSTRAINT email_has_at CHECK (email LIKE '%@%')
);
COMMENT ON TABLE app.customers IS 'People
who buy';
COMMENT ON COLUMN app.customers.email IS 'How invoices reach them';
CREATE TABLE app.orders (
  region int,
  id bigint,
  customer_id bigint NOT NULL REFERENCES app.customers ON DELETE CASCADE,
  approver_id bigint REFERENCES app.customers,
  status app.status,
  total numeric(12,2),
  PRIMARY KEY (region, id)
);
CREATE INDEX orders_by_customer ON app.orders (customer_id);
CREATE INDEX orders_open ON app.orders (id) WHERE status = 'open';
CREATE TABLE app.items (order_region int, order_id bigint, product text,
  FOREIGN KEY (order_region, order_id) REFERENCES app.orders (region, id) ON UPDATE CASCADE);
CREATE TABLE app.profiles (customer_id bigint PRIMARY KEY REFERENCES app.customers, bio text);
CREATE TABLE app.events (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY RANGE (at);
CREATE TABLE app.events_2026_h1 PARTITION OF app.events_2026 FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
CREATE VIEW app.open_orders AS SELECT id, total FROM app.orders WHERE status = 'open';
CREATE MATERIALIZED VIEW app.totals AS SELECT customer_id, sum(total) AS total FROM app.orders GROUP BY 1;
CREATE TABLE "Odd Schema"."We""ird.Table" ("a b" int);
CREATE TABLE public."Customers" (id int);
CREATE TABLE public.orders (id int);
ALTER TABLE app.customers ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON app.customers FOR SELECT TO PUBLIC USING (true);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION app.invoice_total(order_id bigint) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT 0.0';
COMMENT ON FUNCTION app.invoice_total IS 'What a customer owes';
CREATE TRIGGER touch BEFORE UPDATE ON app.customers FOR EACH ROW EXECUTE FUNCTION app.touch();
INSERT INTO app.customers (email, name) SELECT 'a' || g || '@example.org', CASE WHEN g % 4 = 0 THEN 'Ann' ELSE 'Bob' END
  FROM generate_series(1, 400) g;
INSERT INTO app.orders SELECT g % 3, g, 1 + g % 400, NULL, CASE WHEN g % 10 = 0 THEN 'open' ELSE 'done' END::app.status, g
  FROM generate_series(1, 2000) g;
INSERT INTO app.events SELECT g, '2025-01-01'::timestamptz + g * interval '1 hour' FROM generate_series(1, 9000) g;
ANALYZE;`;
