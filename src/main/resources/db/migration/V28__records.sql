-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

-- Records that leave the store, one batch after the other: who is at it. One row, made by the first run.
create table records_job (
  name              varchar(20)  primary key, -- 'archive'
  due_at            bigint       not null, -- next look; while claimed: when the lease ends
  claim_token       varchar(60),
  number            bigint       not null, -- of the newest archive that is told of
  pending           varchar(100)           -- a file that may lie in the place of the next one, told by no line yet
);

-- What stays of a campaign whose records have left: where they are, and that its keys are not to launch
-- anything again.
create table archived_campaign (
  id                varchar(64)  primary key,
  archive           varchar(100) not null,
  left_at           bigint       not null,
  head_sha256       varchar(64)  not null, -- of its newest audit line
  external_key      varchar(64),           -- SHA-256 of its external_id
  source_key        varchar(64),           -- the same of its source_key
  remains           smallint     not null  -- 1: lines and decisions are to be removed; 2: its file is; 0: nothing; 3: its file stays, since it is not what was archived
);
create index archived_campaign_remains on archived_campaign (remains, id) where remains <> 0;
create index archived_campaign_external on archived_campaign (external_key) where external_key is not null;
create index archived_campaign_source on archived_campaign (source_key) where source_key is not null;

-- What is over, by the policies that say for how long it is kept.
create index campaign_over on campaign (policy_name, stage_at) where ended = 1;
create index inbox_entry_campaign on inbox_entry (campaign_id) where campaign_id is not null;

-- How far the chains that never end, 'checkpoints' and 'service', are in archives only.
create table audit_base (
  campaign_id       varchar(64)  primary key,
  seq               bigint       not null, -- of the last line that is
  sha256            varchar(64)  not null  -- of that line's bytes, hex
);
