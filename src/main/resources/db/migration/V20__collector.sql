-- What is read of a tenant as a whole, by one replica at a time, and what is counted of it.

create table collector (
  name        varchar(20) primary key,
  due_at      bigint      not null,
  claim_token varchar(60),
  poll_time   varchar(40),           -- CXone's, from which on it tells what has changed
  read_at     bigint,                -- when it was answered last
  pages       integer     not null,  -- calls that the last answer took
  failures    integer     not null,  -- in a row
  failure     varchar(500)
);
create index collector_due on collector (due_at);

-- Calls of the last hours, each counted once, however often CXone tells of it.
create table tenant_call (
  contact_id      varchar(40) primary key,
  skill_id        varchar(40) not null,
  outcome         varchar(10) not null,  -- CONNECTED, ABANDONED, FAILED
  counted_at      bigint      not null,
  handled_at      bigint,                -- when it was told to have ended; null while it is talked
  agent_seconds   bigint      not null,
  wrap_up_seconds bigint      not null
);
create index tenant_call_skill on tenant_call (skill_id, counted_at);
create index tenant_call_counted on tenant_call (counted_at);

create table skill_count (
  skill_id       varchar(40) not null,
  minute         bigint      not null,  -- since the epoch
  attempted      bigint      not null,
  connected      bigint      not null,
  abandoned      bigint      not null,
  handled        bigint      not null,
  handle_seconds bigint      not null,
  primary key (skill_id, minute)
);
create index skill_count_minute on skill_count (minute);

create table tenant_agent (
  agent_id   varchar(40) primary key,
  skill_id   varchar(40),
  team_id    varchar(40),
  state      varchar(40) not null,
  contact_id varchar(40),
  wrap_up    smallint    not null
);
create index tenant_agent_skill on tenant_agent (skill_id);

create table skill_now (
  skill_id  varchar(40) primary key,
  staffed   integer,
  running   smallint,
  active    smallint,
  changes   bigint not null,  -- how often it was seen to start, stop or be deactivated
  total     bigint,           -- records of its lists
  fresh     bigint,
  finalized bigint
);

-- Calls to CXone that collectors made, by the days of UTC.
create table tenant_day (
  day   varchar(10) primary key,
  calls bigint not null
);
