-- What CXone was asked to activate is looked at ahead of launches that have not come so far.

create index campaign_activating on campaign (due_at) where stage = 'ACTIVATING';
