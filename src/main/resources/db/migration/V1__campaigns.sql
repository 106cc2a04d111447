-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

create table campaign (
  id                varchar(40)  primary key,
  external_id       varchar(200) unique,   -- the caller's own key
  source_key        varchar(200) unique,   -- inbox: <sha-256 of the file>#<entry>
  fingerprint       varchar(64)  not null, -- SHA-256 of the request: tells a repeat from another use of a key
  name              varchar(255) not null,
  request           text         not null, -- the request with its defaults
  payload           text         not null, -- what CXone is sent on create
  compliance        text         not null, -- what was checked: rules, warnings, findings
  policy_name       varchar(200) not null,
  policy_version    varchar(40)  not null,
  policy_sha256     varchar(64)  not null,

  stage             varchar(16)  not null,
  ended             smallint     not null, -- 1 once nothing more can come of it; frees the name
  accepted_at       bigint       not null,
  stage_at          bigint       not null,
  activate_at       bigint,
  stop_at           bigint,
  intent_at         bigint,                -- a create was about to be sent; its outcome is not known yet
  in_flight_until   bigint,                -- until then such a create may still be on its way
  activating_at     bigint,                -- activation was asked for
  active_at         bigint,                -- first seen ACTIVE
  polls             integer      not null,
  attempt           integer      not null, -- failed tries of the present step
  look_ups          integer      not null, -- how often a lost create was looked for
  creates           integer      not null, -- creates that were sent, or about to be
  latency_ms        bigint,                -- accepted to ACTIVE

  remote_id         varchar(200) unique,   -- CXone's id
  remote_status     varchar(40),
  webhook_id        varchar(200),
  failure_kind      varchar(20),
  failure_status    integer,
  failure_code      varchar(100),
  failure_message   text,
  pacing            text         not null, -- pacing changes so far, newest last
  attempted_calls   bigint       not null,
  connected_calls   bigint       not null,

  command           varchar(10),           -- what an operator, or stopAt, wants done next
  lane              smallint,              -- which runner the work belongs to; null: nothing to do
  due_at            bigint       not null, -- when it falls due; while claimed: when the lease ends
  claim_token       varchar(40)
);
create index campaign_due on campaign (lane, due_at);
create unique index campaign_name on campaign (name) where ended = 0;
create index campaign_stage_list on campaign (stage, id);

create table campaign_stage (
  campaign_id       varchar(40)  not null,
  seq               integer      not null,
  at                bigint       not null,
  stage             varchar(16)  not null,
  reason            text         not null,
  primary key (campaign_id, seq)
);

create table inbox_file (
  sha256            varchar(64)  primary key,
  name              text         not null,
  size              bigint       not null,
  entries           bigint       not null, -- how many were taken or refused so far
  first_seen_at     bigint       not null,
  whole_at          bigint                 -- when the last entry was in
);

create table inbox_entry (
  sha256            varchar(64)  not null,
  entry             bigint       not null, -- from 0
  line              bigint       not null, -- from 1; in a .json file the line where the entry begins
  campaign_id       varchar(40),
  note              text,                  -- why an entry led to a campaign that was there before
  problem           text,                  -- a refused entry's problem document
  primary key (sha256, entry)
);

create table webhook_event (
  id                varchar(40)  primary key,
  identity          varchar(200) not null unique,
  remote_id         varchar(200),
  event_type        varchar(100),
  status            varchar(40),
  occurred_at       varchar(64),
  parked            text,                  -- why an authentic event could not be understood
  body              text         not null, -- as it came
  received_at       bigint       not null
);
create index webhook_event_campaign on webhook_event (remote_id, id);

create table secret (
  name              varchar(60)  primary key,
  value             text         not null,
  created_at        bigint       not null
);
