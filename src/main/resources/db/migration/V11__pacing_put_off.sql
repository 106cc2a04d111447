-- What CXone does not take puts off the write and nothing else: until when, and since when CXone
-- dials faster than it should, stands with the row. All times are milliseconds since the epoch by
-- the store's clock.

alter table pacing add column write_at bigint not null default 0; -- no rate is written before
alter table pacing add column hold_at bigint not null default 0;  -- a refused hold is not asked for before
alter table pacing add column hold_refusal text;                  -- what CXone said to the hold; null: not refused
alter table pacing add column too_fast_since bigint;              -- since when it dials faster than decided; null: it does not
alter table pacing add column edge_at bigint;                     -- when its calling hours begin or end next; null: never
alter table pacing add column breaks integer not null default 0;  -- ticks in a row that broke
