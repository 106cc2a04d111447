-- The same statements run on SQLite and on PostgreSQL.

-- 1: its campaign was not known here when it came. Once it is, the event is dealt with like any other.
alter table webhook_event add column unclaimed smallint not null default 0;
create index webhook_event_unclaimed on webhook_event (remote_id, id) where unclaimed = 1;
