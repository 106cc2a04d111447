-- A start of a skill takes effect some time after CXone has taken it: until then it may still begin to dial, whatever a
-- look shows and whatever is asked of it meanwhile.

alter table skill add column start_until bigint; -- until then a start may take effect that was not seen to; null: none
