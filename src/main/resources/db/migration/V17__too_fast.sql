-- Every page of the console, and each look at a pool, asks for the few campaigns that CXone dials
-- against our word.

create index pacing_too_fast on pacing (too_fast_since) where too_fast_since is not null;
