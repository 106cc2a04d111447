-- Starts of our own that no list has shown yet. The same statement runs on SQLite and on PostgreSQL.

alter table skill_now add column starting smallint not null default 0; -- it was started here, and not seen to run since
