-- What the others of a pool have been given is asked at each launch: from an index alone, because a row of campaign
-- has its texts ahead of these columns, and a pool may have thousands of campaigns.
drop index campaign_first_rate;
create index campaign_first_rate on campaign (pool_id, first_rate, stage, command, id) where first_rate is not null;
create index campaign_dialing on campaign (pool_id, stage, held, first_rate, command, id) where stage = 'ACTIVE';
