-- What is paced is an agent pool: the campaigns that dial for it are decided together, by whoever has
-- claimed its row. What is theirs stays in the rows of pacing, which are claimed along with it, so that
-- an older program that claims those one by one and this one never have the same campaign.
-- All times are milliseconds since the epoch by the store's clock.

create table pool (
  id                text         primary key, -- as the requests of its campaigns name it
  due_at            bigint,                -- next tick; null: no campaign of it runs
  claim_token       varchar(40),
  seq               bigint       not null, -- number of the latest decision
  rate              double precision,      -- calls a second that all of its campaigns together may dial with
  state             text,                  -- what is remembered of it from tick to tick
  decision          text,                  -- the latest decision as it is shown; null before its first tick
  changed_at        bigint       not null  -- when what is shown changed last
);
create index pool_due on pool (due_at);

alter table pacing add column pool_id text; -- null: written by an older program, and not seen by this one yet
update pacing set pool_id = (select pool_id from campaign where campaign.id = pacing.campaign_id);
create index pacing_pool on pacing (pool_id, due_at);

insert into pool (id, due_at, seq, changed_at)
  select pool_id, min(due_at), 0, max(changed_at) from pacing
  where pool_id is not null and due_at is not null group by pool_id;
