-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

-- audit_head is what changes of campaigns lock when they add a line, and nothing else is. How far
-- the files are lies in tables of their own, so that a replica that stands still while it writes
-- files or makes a checkpoint holds up no campaign.

-- One row a chain: its file.
create table audit_file (
  campaign_id       varchar(64)  primary key,
  written_seq       bigint       not null, -- of the newest line known to be in the file; 0: look
  written_sha256    varchar(64),           -- of that line's bytes
  written_at        bigint       not null, -- when it was written last
  due_at            bigint       not null, -- not to be taken before; while claimed: when the lease ends
  claim_token       varchar(40)
);
create index audit_file_written on audit_file (written_at);

-- Lines that are not in their files yet. Rows come and go and are never changed.
create table audit_unwritten (
  campaign_id       varchar(64)  not null,
  seq               bigint       not null,
  primary key (campaign_id, seq)
);

-- How far files were written since a checkpoint covered them; the newest row of a file counts. There
-- may be two of one seq, so that no insert ever waits for another one.
create table audit_uncovered (
  campaign_id       varchar(64)  not null,
  seq               bigint       not null
);
create index audit_uncovered_file on audit_uncovered (campaign_id, seq);

insert into audit_file (campaign_id, written_seq, written_sha256, written_at, due_at)
  select campaign_id, written_seq, written_sha256, due_at, 0 from audit_head;
insert into audit_unwritten (campaign_id, seq)
  select campaign_id, seq from audit_head where seq > written_seq;
insert into audit_uncovered (campaign_id, seq)
  select campaign_id, written_seq from audit_head
  where written_seq > anchored_seq and campaign_id <> 'checkpoints';

-- Made anew: SQLite cannot drop a last column behind which a comment stood.
alter table audit_head rename to audit_head_before;
create table audit_head (
  campaign_id       varchar(64)  primary key,
  seq               bigint       not null, -- of the newest line
  sha256            varchar(64)  not null  -- of the newest line's bytes, hex
);
insert into audit_head (campaign_id, seq, sha256)
  select campaign_id, seq, sha256 from audit_head_before;
drop table audit_head_before;

update store_state set value = 9 where name = 'NEEDS';
