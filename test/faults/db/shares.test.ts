/** No client can take all sessions of the database. */
import { beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { connect, exchange, grant, REDIRECT_URI, signIn } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

const gatehouse = useGatehouse();
let greedy: TestClient;
let sibling: TestClient;
beforeAll(async () => {
  greedy = await gatehouse.createClient();
  sibling = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await gatehouse.provision('other');
  await connect(gatehouse, 'other');
});

it('logins and reads go on while one client’s changes wait for a locked row', async () => {
  const code = async () =>
    (await signIn(gatehouse, sibling, { query: { organization: 'other' } })).code;
  const codes = [await code(), await code(), await code()];
  const lock = new pg.Client({ connectionString: gatehouse.database.superuserUrl });
  await lock.connect();
  await lock.query(`begin; select from tenants where id = 'acme' for update`);
  const changes = Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      gatehouse
        .as(greedy)
        .patch('/v1/tenants/acme')
        .send({ name: `Acme ${n}` }),
    ),
  );
  await waitFor(async () => (await waitingForLocks()) > 0, { what: 'a change that waits' });

  const logins = await Promise.all(
    codes.map(async (code) => exchange(gatehouse, grant(sibling, code))),
  );
  const reads = await Promise.all(
    Array.from({ length: 20 }, () => gatehouse.as(sibling).get('/v1/tenants/other')),
  );
  await lock.query('rollback');
  await lock.end();
  const changed = await changes;

  expect(logins.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = changed.filter(({ status }) => status !== 200);
  expect(refused.every(({ status, headers }) => status === 503 && headers['retry-after'])).toBe(
    true,
  );
});

async function waitingForLocks(): Promise<number> {
  const rows = await gatehouse.database.superuser<{ waiting: number }>(
    `select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return rows[0]?.waiting ?? 0;
}
