-- When others have gone on with what a replica had in hand that was seen no more. The same statement runs on SQLite
-- and on PostgreSQL.

alter table replica add column released_at bigint; -- null: it may hold claims
