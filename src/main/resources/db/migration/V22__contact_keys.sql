-- Contacts of which two have one key of the caller's: what a platform is given has a key for each.
create index contact_key on contact (campaign_id, external_id, number) where outcome = 'CALLABLE';
