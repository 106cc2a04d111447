-- The same statements run on SQLite and on PostgreSQL.

-- What the store says of itself.
--   NEEDS   the newest migration that a program must know to use this store. A migration that only
--           adds (a table, an index, a column that may stay empty) leaves it as it is: older programs
--           run on beside newer ones. One after which an older program would do harm (it would miss
--           what is kept elsewhere now, or write what is no longer understood) ends with
--             update store_state set value = <its own number> where name = 'NEEDS';
--           and every program that does not know that number ends its start.
--   PROBED  when it was last tried whether something can be written.
create table store_state (
  name              varchar(20)  primary key,
  value             bigint       not null
);
insert into store_state (name, value) values ('NEEDS', 8);
insert into store_state (name, value) values ('PROBED', 0);
