-- What people do to skills, stops that end calls, and who calls a tenant how often. The same statements
-- run on SQLite and on PostgreSQL; all times are milliseconds since the epoch by the store's clock.

alter table campaign add column forced smallint not null default 0; -- a stop is to end calls under way, too

alter table skill add column by_person varchar(10);            -- START, STOP: what a person was seen to do against what was asked
alter table skill add column stops integer not null default 0; -- how often a stop was sent since it was asked for
alter table skill add column writing_until bigint;             -- until then a write of its ratio may be under way

alter table skill_now add column seen_at bigint;               -- when it was last asked for by itself

alter table tenant_day add column writes bigint not null default 0; -- calls that were no reads
alter table tenant_day add column warned smallint not null default 0; -- whether its calls were told to come near the tenant's threshold
