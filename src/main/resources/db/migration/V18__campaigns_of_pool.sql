-- What a pool would have with another campaign is asked of those of it that have not ended, which are
-- few of all that it has ever had.

create index campaign_pool on campaign (pool_id, id) where ended = 0;
