-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

-- The newest lifecycle event that moved the campaign's stage, by the event's own timestamp.
alter table campaign add column event_at bigint;

-- Where events go: each destination of config/destinations.yaml, and each address that campaigns
-- name as their own externalWebhookUrl.
create table webhook_destination (
  name              varchar(60)  primary key,
  own_url           text,                  -- the address when campaigns name it; null: see config
  off_at            bigint,                -- null: on
  off_reason        text
);

-- What waits for one destination, in order: the events of one campaign, or a single event where the
-- destination wants no order. It is there only while something waits. Due is its head.
create table delivery_line (
  id                varchar(300) primary key,
  destination       varchar(60)  not null,
  head              bigint       not null, -- the first delivery that is not finished
  tail              bigint       not null, -- the number that the next one gets
  due_at            bigint       not null, -- when the head falls due; while claimed: when the lease ends
  claim_token       varchar(40)
);
create index delivery_line_due on delivery_line (destination, due_at);
create index delivery_line_claimed on delivery_line (claim_token) where claim_token is not null;

create table delivery (
  id                varchar(40)  primary key,
  event_id          varchar(40)  not null,
  destination       varchar(60),           -- null: an event that could not be understood
  campaign_id       varchar(40),           -- ours; null when this service did not launch it
  line              varchar(300),
  seq               bigint,                -- its place in the line
  status            varchar(10)  not null, -- PENDING, DELIVERED, DEAD, PARKED
  created_at        bigint       not null,
  finished_at       bigint,
  tries             integer      not null, -- since it was created or replayed: its place in the schedule
  attempts          integer      not null, -- all of them
  last_status       integer,               -- HTTP status of the last answer
  last_error        text
);
create index delivery_open on delivery (line, seq) where status = 'PENDING';
create index delivery_event on delivery (event_id);
create index delivery_list on delivery (destination, status, id);
create index delivery_delivered on delivery (id) where status = 'DELIVERED';
create index delivery_undelivered on delivery (status, id) where status <> 'DELIVERED';

create table delivery_attempt (
  delivery_id       varchar(40)  not null,
  number            integer      not null,
  at                bigint       not null,
  duration_ms       integer      not null,
  status            integer,               -- null: there was no answer
  error             text,
  answer            text,                  -- its first 1,000 characters
  primary key (delivery_id, number)
);
