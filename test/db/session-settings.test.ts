/** What an administrator sets for the role or the database does not change what the service reads. */
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { RUNTIME } from '../../src/dev/roles.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let client: TestClient;
beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
});

const alterRole = async (what: string): Promise<void> => {
  const { pathname } = new URL(gatehouse.database.url);
  await gatehouse.database.superuser(
    `alter role ${RUNTIME} in database ${pathname.slice(1)} ${what}`,
  );
  await gatehouse.database.superuser(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and usename = $1`,
    [RUNTIME],
  );
};
const read = async () => {
  const answer = await gatehouse.as(client).get('/v1/tenants/acme');
  return { status: answer.status, body: answer.body as unknown };
};

afterEach(() => alterRole('reset all'));

it.each([
  `datestyle = 'SQL, DMY'`,
  `datestyle = 'German'`,
  `timezone = 'Asia/Kathmandu'`,
  `intervalstyle = 'sql_standard'`,
  `bytea_output = 'escape'`,
  `extra_float_digits = -15`,
  `default_transaction_isolation = 'serializable'`,
])('a tenant is read as before with %s', async (setting) => {
  const before = await read();

  await alterRole(`set ${setting}`);

  expect(await read()).toEqual(before);
});

it('a revoked key stays revoked with another DateStyle', async () => {
  const { id, key } = await gatehouse.createClient();
  await gatehouse.database.superuser(
    'update client_keys set revoked_at = now() where client_id = $1',
    [id],
  );

  await alterRole(`set datestyle = 'SQL, DMY'`);

  const { status } = await fetch(`${gatehouse.url}/events?events=connection.activated`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(status).toBe(401);
});
