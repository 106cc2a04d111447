-- A start of a skill takes effect some time after CXone has taken it: until then it may still begin to dial, whatever a
-- look shows and whatever is asked of it meanwhile.

alter table skill add column start_until bigint; -- until then a start may take effect that was not seen to; null: none

-- What is counted of a skill is a campaign's only from its start until it was given back. Minutes since the epoch.
create table skill_period (
  campaign_id varchar(40) not null,
  skill_id    varchar(40) not null,
  began       bigint      not null,
  ended       bigint, -- null: it goes on
  primary key (campaign_id, began)
);
create index skill_period_skill on skill_period (skill_id, began);

insert into skill_period (campaign_id, skill_id, began, ended)
select campaign_id, skill_id, 0, case when state = 'CLOSED' then changed_at / 60000 end
from skill where asked is not null and skill_id is not null;
