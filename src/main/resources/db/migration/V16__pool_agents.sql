-- Who was at work in an agent pool at its last ticks, so that pools with agents in common do not dial
-- for the same ones twice. Written when somebody comes or goes.

create table pool_agent (
  pool_id text        not null,
  agent   varchar(64) not null, -- the beginning of the SHA-256 of CXone's id of the agent
  primary key (pool_id, agent)
);
create index pool_agent_agent on pool_agent (agent, pool_id);
