-- Run once by the postgres image, as the superuser, in the database gatehouse: the two roles of
-- docs/operating.md. What the runtime role may do is granted by `gatehouse migrate`.
\set owner_password `cat /run/secrets/postgres_owner_password`
\set runtime_password `cat /run/secrets/postgres_runtime_password`

create role gatehouse_owner login password :'owner_password';
create role gatehouse login password :'runtime_password';
alter database gatehouse owner to gatehouse_owner;
revoke all on database gatehouse from public;
grant connect on database gatehouse to gatehouse;

-- From now on the superuser gets in from inside the container only.
alter role current_user password null;
