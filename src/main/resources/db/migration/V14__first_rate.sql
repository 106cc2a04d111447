-- What a campaign was given to begin with, and why CXone has another rate than decided, stand with
-- its row. All times are milliseconds since the epoch by the store's clock.

alter table campaign add column first_rate double precision; -- calls/s on create; null once there are figures of it, or it has ended
create index campaign_first_rate on campaign (pool_id) where first_rate is not null;

alter table pacing add column rate_refusal text;      -- why the decided rate is not CXone's; null: it is
alter table pacing add column rate_refused_at bigint; -- since when
