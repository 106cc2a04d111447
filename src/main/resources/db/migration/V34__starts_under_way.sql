-- A start of a skill takes effect some time after CXone has taken it: until then it may still begin to dial, whatever a
-- look shows and whatever is asked of it meanwhile. A skill is a campaign's from its first start until it is given back:
-- what is counted of it before and after is not the campaign's.

alter table skill add column start_until bigint; -- until then a start may take effect that was not seen to; null: none
alter table skill add column started_at bigint;  -- when its campaign started it first; null: never, or by an older program
alter table skill add column closed_at bigint;   -- when it was given back; null: it was not, or by an older program
