-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

-- What is known of the store's clock: one row. It tells a clock that was set back while nobody ran,
-- and lets exactly one of several replicas shift what waits when the clock is set.
create table store_clock (
  id                smallint     primary key, -- 1
  seen_at           bigint       not null,    -- the time when somebody looked last
  shifted           bigint       not null     -- by how much rows were shifted so far, all steps together
);
