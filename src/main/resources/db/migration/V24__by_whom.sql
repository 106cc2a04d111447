-- By whose wish something was done: '<kind> <name>' such as 'key reports', or '- anonymous' where nobody had
-- to show anything. The same statements run on SQLite and on PostgreSQL; all times are milliseconds since the epoch by the store's clock.
-- The version before knows nothing of these columns and leaves them as they are: who gave something counts
-- only while the time beside him is the one that the thing itself has.

alter table campaign add column command_by varchar(250);           -- who gave the command that is pending
alter table campaign add column command_by_at bigint;              -- command_at of that command
alter table campaign_stage add column by_whom varchar(250);        -- by whose wish it came to this stage; null: nobody's
alter table contact_file_name add column named_by varchar(250);    -- who gave the file in under this name
alter table contact_file_name add column named_by_at bigint;       -- named_at of that
alter table webhook_destination add column off_by varchar(250);    -- who switched it off; null: the service
alter table webhook_destination add column off_by_at bigint;       -- off_at of that
alter table delivery add column replayed_by varchar(250);          -- who had it sent again last
alter table delivery add column replayed_at bigint;
