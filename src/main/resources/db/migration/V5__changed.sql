-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

alter table campaign add column changed_at bigint not null default 0; -- when what is shown changed last
alter table campaign add column pool_id text;                         -- as the request names it
create index campaign_changed on campaign (changed_at);

-- The processes that share this store. An embedded store has one and keeps no row.
create table replica (
  id                varchar(40)  primary key,
  host              varchar(255) not null,
  port              integer      not null,
  started_at        bigint       not null,
  seen_at           bigint       not null  -- a replica that lives is seen every few seconds
);
