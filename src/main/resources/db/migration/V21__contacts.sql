-- Files of contacts and what became of their lines. The same statements run on SQLite and on
-- PostgreSQL; all times are milliseconds since the epoch by the store's clock.
-- Numbers stand in contact_file_part and in contact, and nowhere else in the store; both are emptied
-- some time after the last campaign that needs them has ended.

-- The bytes of a file. It is whole once it has its SHA-256; what never was is removed.
create table contact_file (
  id                varchar(40)  primary key,
  sha256            varchar(64),           -- hex; null until all of it has arrived
  size              bigint       not null,
  begun_at          bigint       not null,
  used_at           bigint       not null  -- when a part of it came, it was named, or a campaign took it
);
create unique index contact_file_sha256 on contact_file (sha256);
create index contact_file_used on contact_file (used_at);

create table contact_file_part (
  file_id           varchar(40)  not null,
  part              integer      not null, -- from 0
  bytes             bytea        not null, -- up to 1 MiB
  primary key (file_id, part)
);

-- What a name stands for; a later file of the same name takes its place.
create table contact_file_name (
  name              varchar(255) primary key,
  file_id           varchar(40)  not null,
  named_at          bigint       not null
);
create index contact_file_name_file on contact_file_name (file_id);

-- What a campaign was taken with, and how far its lines are judged.
create table contact_import (
  campaign_id       varchar(64)  primary key,
  file_id           varchar(40)  not null,
  name              varchar(255) not null,
  sha256            varchar(64)  not null,
  size              bigint       not null,
  request           text         not null, -- JSON: mapping, defaultCountry
  state             varchar(20)  not null, -- READING, JUDGED, REFUSED, REMOVED
  judged            bigint       not null, -- lines that are judged: where it goes on
  bytes_read        bigint       not null,
  outcomes          text         not null, -- JSON: how many lines by outcome
  problem           text,                  -- why it is refused
  changed_at        bigint       not null
);
create index contact_import_file on contact_import (file_id);
create index contact_import_kept on contact_import (campaign_id) where state <> 'REMOVED';

create table contact (
  campaign_id       varchar(64)  not null,
  number            bigint       not null, -- of the line among those that hold something, from 1
  line              bigint       not null, -- of the file
  phone             varchar(64),           -- E.164; of one that is no number as it was given
  external_id       text,
  time_zone         text,
  fields            text         not null, -- JSON
  outcome           varchar(20)  not null,
  primary key (campaign_id, number)
);
create unique index contact_callable on contact (campaign_id, phone) where outcome = 'CALLABLE';

-- What the platform is given: a part of a campaign's callable contacts. Whoever sends one has
-- written so before; what became of one whose answer was lost is found out by reading.
create table contact_upload (
  campaign_id       varchar(64)  not null,
  part              integer      not null, -- from 1
  first_number      bigint       not null, -- of its contacts
  last_number       bigint       not null,
  contacts          bigint       not null,
  state             varchar(20)  not null, -- PLANNED, SENDING, SENT, DONE
  list_id           varchar(64),           -- the platform's list
  job_id            varchar(64),           -- what the platform calls the upload
  sent_at           bigint,
  accepted          bigint,                -- contacts that the platform has taken
  refused           bigint,
  primary key (campaign_id, part)
);

-- Files of contacts that lie beside a file of campaigns in the inbox, and go where that goes.
create table inbox_contacts (
  sha256            varchar(64)  not null, -- of the file of campaigns
  name              varchar(255) not null,
  contacts_sha256   varchar(64)  not null,
  primary key (sha256, name)
);
