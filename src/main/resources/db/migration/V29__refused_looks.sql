-- Looks that CXone refused, apart from those that saw a campaign ended there. The same statement runs on SQLite
-- and on PostgreSQL.

alter table campaign add column refused_looks integer not null default 0; -- in a row, since it ended
