-- Whether a name is taken is decided by what nobody can tell apart: white space around it, upper and
-- lower case, characters that are not seen and forms of one letter make no difference. SQL cannot
-- compute that: the program writes the key with each row, and at its start gives one to campaigns
-- that have not ended and have none. Where two of those then have the same key, the later one keeps
-- its id in name_twin and goes on. Rows that an older program adds beside this one have no key until
-- the next start.

alter table campaign add column name_key varchar(255);               -- null: not computed yet
alter table campaign add column name_twin varchar(40) not null default ''; -- its own id: see above
create unique index campaign_name_key on campaign (name_key, name_twin) where ended = 0;
