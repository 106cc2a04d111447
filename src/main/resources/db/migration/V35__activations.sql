-- What CXone was asked to activate is looked at ahead of launches that have not come so far. Each look
-- passes over the others, of which there may be many thousands that wait for their time.

create index campaign_activating on campaign (lane, due_at) where stage = 'ACTIVATING';
create index campaign_launching on campaign (lane, due_at) where lane = 1 and stage <> 'ACTIVATING';
