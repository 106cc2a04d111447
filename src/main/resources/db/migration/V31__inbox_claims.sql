-- Files of an inbox that several processes take from: which of them has which in hand. A row is there while one has it.
-- The same statement runs on SQLite and on PostgreSQL. All times are milliseconds since the epoch by the store's clock.

create table inbox_claim (
  name              varchar(2000) primary key, -- of the file, as people read it; with check/ before it in that folder
  due_at            bigint        not null,    -- when the lease ends
  claim_token       varchar(60)
);
