-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

alter table campaign add column held smallint not null default 0; -- 1: paused at CXone by pacing

-- One row a campaign that has ever been ACTIVE.
create table pacing (
  campaign_id       varchar(40)  primary key,
  state             text,                  -- what the control law remembers; null before its first tick
  decision          text,                  -- the latest decision as it is shown
  seq               bigint       not null, -- number of the latest decision
  rate              double precision not null, -- calls a second in force at CXone as far as is known
  writing           double precision,      -- a rate that was about to be sent; its outcome is not known
  writing_reason    text,
  due_at            bigint,                -- next tick; null: the campaign does not run
  claim_token       varchar(40),
  changed_at        bigint       not null  -- when what is shown changed last
);
create index pacing_due on pacing (due_at);
create index pacing_changed on pacing (changed_at);

-- The recent decisions, newest last; older ones are removed as new ones come.
create table pacing_decision (
  campaign_id       varchar(40)  not null,
  seq               bigint       not null,
  decision          text         not null,
  primary key (campaign_id, seq)
);
