-- The same statements run on SQLite and on PostgreSQL.
-- All times are milliseconds since the epoch by the store's clock.

-- One line of an audit file, without its newline. The rows are the truth, the files follow them.
-- campaign_id 'checkpoints' holds the signed checkpoint lines of checkpoints.jsonl.
create table audit_line (
  campaign_id       varchar(64)  not null,
  seq               bigint       not null, -- 1, 2, 3..
  line              text         not null,
  primary key (campaign_id, seq)
);

create table audit_head (
  campaign_id       varchar(64)  primary key,
  seq               bigint       not null, -- of the newest line
  sha256            varchar(64)  not null, -- of the newest line's bytes, hex
  written_seq       bigint       not null, -- of the newest line known to be in the file; 0: look
  written_sha256    varchar(64),           -- of that line's bytes
  anchored_seq      bigint       not null, -- newest line that a checkpoint covers
  due_at            bigint       not null, -- last written at; while claimed: when the lease ends
  claim_token       varchar(40)
);
create index audit_head_due on audit_head (due_at) where seq > written_seq;
create index audit_head_unanchored on audit_head (campaign_id) where written_seq > anchored_seq;
