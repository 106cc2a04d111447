-- The same statements run on SQLite and on PostgreSQL.

-- Claims take what was commanded first: few campaigns, however many are due to be looked at.
create index campaign_commanded on campaign (lane, due_at) where command is not null;

-- Abandoned of answered calls in the cap's period, 0 to 1, as the latest decision has it; null before
-- the first one that is written from here on. Lists are sorted by it.
alter table pacing add column abandonment double precision;
