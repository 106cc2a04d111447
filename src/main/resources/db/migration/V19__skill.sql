-- Skills of a tenant's Personal Connection that are campaigns of ours.

create table skill (
  campaign_id     varchar(40) primary key,
  skill_id        varchar(40),           -- CXone's; unknown until a created one is found or answered
  group_id        varchar(40),           -- CXone's campaign that a created skill belongs to
  name            varchar(40),           -- of a created skill
  mode            varchar(10) not null,  -- ADOPTED, CREATED
  state           varchar(10) not null,  -- NEW: never to be started; READY; CLOSED: given back
  settings_before text,                  -- what an adopted skill had, on disk ahead of the first write
  settings_now    text,                  -- ours, as they were read back last
  asked           varchar(10),           -- START, PAUSE, STOP: what was asked of it last
  ran             smallint    not null,  -- whether it was seen to run since it was started
  end_seen_at     bigint,                -- when its lists were first seen to be worked through
  mismatches      integer     not null,  -- how often in a row CXone did not show what was written
  wrote_at        bigint,                -- when its ratio was written last
  read_at         bigint,                -- when what is in force of its ratio was read last
  tried_at        bigint,                -- when that was tried last, well or not
  changed_at      bigint      not null
);
create index skill_id on skill (skill_id);
