-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

-- A command is carried out when CXone says so, and asked for again until then.
alter table campaign add column command_at bigint; -- since when the command has been pending
alter table campaign add column asked_at bigint;   -- CXone was sent it then and is read next; null: to be sent
alter table campaign add column asks integer not null default 0; -- how often it was sent

-- Looks since it ended: CXone must be seen to have ended it too before it is let go.
alter table campaign add column looks_after_end integer not null default 0;

-- A stopAt that has come goes before whatever its campaign waits for.
create index campaign_stop on campaign (stop_at) where ended = 0;
