-- Who is signed in to the console. The same statements run on SQLite and on PostgreSQL; all times are
-- milliseconds since the epoch by the store's clock.
create table sign_in (
  secret_hash  varchar(64)  primary key,   -- SHA-256 of what the browser's cookie holds
  name         varchar(80)  not null,
  role         varchar(10)  not null,
  id_token     text         not null,      -- tells the issuer whom to sign out
  began_at     bigint       not null,
  ends_at      bigint       not null
);
create index sign_in_began on sign_in (began_at);
