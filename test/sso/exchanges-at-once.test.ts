/** Exchanges that run at the same time share statements, and each has an answer of its own. */
import { expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { SPEND } from '../../src/sso/codes/spend-store.ts';
import { createSsoStore } from '../../src/sso/codes/store.ts';
import { holdLock } from '../support/interleave.ts';
import { createLatch } from '../support/latch.ts';
import {
  auditRows,
  connect,
  exchange,
  grant,
  profileOf,
  REDIRECT_URI,
  signIn,
  TOKEN,
} from '../support/sign-in.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
const TENANTS = ['acme', 'globex', 'initech'];

/** A user of one of the tenants, signed in by a client of their own that serves only this tenant. */
async function signedIn(n: number) {
  const tenant = TENANTS[n % TENANTS.length] ?? '';
  const client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI], tenants: [tenant] });
  const { code } = await signIn(gatehouse, client, { query: { organization: tenant } });
  return { tenant, client, code };
}

it('sign-ins that WorkOS confirms at the same time are released each by its own permission', async () => {
  for (const tenant of TENANTS) {
    await gatehouse.provision(tenant);
    await connect(gatehouse, tenant);
  }
  const parties: Awaited<ReturnType<typeof signedIn>>[] = [];
  for (let n = 0; n < 8; n += 1) parties.push(await signedIn(n));
  const [reached, resumed] = [createLatch(), createLatch()];
  let waiting = 0;
  const onReached = () => {
    if ((waiting += 1) === parties.length) reached.open();
  };
  const hold = { kind: 'hold', until: resumed.opened, before: false, onReached } as const;
  gatehouse.workos.fault(TOKEN, hold, { times: parties.length });
  const answers = Promise.all(
    parties.map(({ client, code }) => exchange(gatehouse, grant(client, code))),
  );
  await reached.opened;
  const registry = createClientRegistry(gatehouse.database.db);
  for (const { client } of parties.filter((_, n) => n % 2 === 1))
    await registry.update(operator('test'), client.id, { scopes: ['tenants:read'] });
  resumed.open();

  const all = await answers;
  expect(all.map(({ status }) => status)).toEqual([200, 400, 200, 400, 200, 400, 200, 400]);
  for (const [n, { body, headers }] of all.entries()) {
    const rows = await auditRows(gatehouse, headers.get('x-request-id'));
    const client_id = parties[n]?.client.id;
    expect(rows).toMatchObject([
      { outcome: 'attempted', client_id },
      { outcome: n % 2 === 0 ? 'succeeded' : 'refused', client_id },
    ]);
    if (n % 2 > 0) continue;
    const { body: profile } = await profileOf(gatehouse, String(body.access_token));
    expect(profile.organization_id).toBe(parties[n]?.tenant);
  }
});

it('of attempts with several codes that share a statement, one takes each code, first and once it is given back', async () => {
  const { db } = gatehouse.database;
  const store = createSsoStore(db);
  const codes = ['a', 'b', 'a', 'c', 'a', 'b'];
  const spendAll = async () => {
    // The first attempt waits for the lock, and all others share the statement after it.
    const lock = await holdLock(gatehouse.database, 'lock table spent_codes in exclusive mode');
    const all = Promise.all(
      ['other', ...codes].map((code) =>
        store.spend({ code, age: 0, actor: operator('test'), tenantId: undefined }),
      ),
    );
    await lock.release();
    return (await all).slice(1);
  };
  const winners = (spent: Awaited<ReturnType<typeof spendAll>>) =>
    codes.filter((_, n) => spent[n] !== undefined).toSorted();

  const first = await spendAll();
  expect(winners(first)).toEqual(['a', 'b', 'c']);
  expect(winners(await spendAll())).toEqual([]);
  for (const spent of first) if (spent) expect(await store.giveBack(spent, {})).toBe(true);
  const again = await spendAll();
  expect(winners(again)).toEqual(['a', 'b', 'c']);
  const attempted = await gatehouse.database.superuser<{ n: number }>(
    `select count(*)::int as n from audit_trail where outcome = 'attempted' and client_id is null and operation = $1`,
    [operator('test').operation],
  );
  expect(attempted[0]?.n).toBe(7);
});

it('a code is looked up in the index, however many are spent', async () => {
  const { superuser } = gatehouse.database;
  await superuser(`insert into spent_codes (sha256, attempt, expires_at, given_back_at)
    select sha256(n::text::bytea), gen_random_uuid(), now(), case when n % 50 = 0 then now() end
    from generate_series(1, 20000) n`);
  await superuser('analyze spent_codes');

  const plan = await superuser<{ 'QUERY PLAN': string }>(`explain ${SPEND.text}`, [
    '[]',
    '[]',
    '200',
  ]);

  const text = plan.map((row) => row['QUERY PLAN']).join('\n');
  expect(text).toContain('spent_codes_pkey');
  expect(text).not.toContain('Seq Scan on spent_codes');
});
