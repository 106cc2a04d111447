-- What people do to skills, stops that end calls, and who calls a tenant how often. The same statements
-- run on SQLite and on PostgreSQL; all times are milliseconds since the epoch by the store's clock.

alter table campaign add column forced smallint not null default 0; -- a stop is to end calls under way, too

alter table skill add column by_person varchar(10);            -- START, STOP: what a person was seen to do against what was asked
alter table skill add column stops integer not null default 0; -- how often a stop was sent since it was asked for
alter table skill add column writing_until bigint;             -- until then a write of its ratio may be under way

alter table skill_now add column seen_at bigint;               -- when it was last asked for by itself

alter table skill_event add column asked varchar(10);          -- what was asked of the skill when it was seen
alter table skill_event add column by_person varchar(10);      -- and what a person had done to it by then
alter table skill_event add column detail text;                -- JSON: the settings that were changed, with what they were

alter table collector add column full_at bigint;               -- when everything was told last, and not changes only

-- What was read of the tenant as a whole, or of a pool, and is used again for a while by all replicas.
create table tenant_read (
  name    varchar(80) primary key,
  answer  text        not null,
  read_at bigint      not null
);

alter table tenant_day add column writes bigint not null default 0; -- calls that were no reads
alter table tenant_day add column warned smallint not null default 0; -- whether its calls were told to come near the tenant's threshold
