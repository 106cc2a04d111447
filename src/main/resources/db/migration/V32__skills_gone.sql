-- Skills that a list of all does not have any more. The same statement runs on SQLite and on PostgreSQL.

alter table skill_now add column missing smallint not null default 0; -- the last list had it not
