/** Credentials that are presented at the same time are looked up together, and each is judged for itself. */
import { expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { holdLock } from '../support/interleave.ts';
import { waitFor } from '../support/wait-for.ts';
import { callWith, gatehouse, registry, useTokens, workload } from './tokens-setup.ts';

useTokens();

const OPERATOR = operator('test');

/** Asks for `acme` with all credentials, while none of them can be looked up. @returns the status of each */
async function presented(credentials: readonly string[]): Promise<number[]> {
  const lock = await holdLock(gatehouse.database, 'lock table clients in access exclusive mode');
  const [first = '', ...others] = credentials;
  const answers = [callWith(first)];
  await waitFor(areLookedUp, { what: 'the first look-up to wait for the lock' });
  answers.push(...others.map((credential) => callWith(credential)));
  await lock.release();
  return (await Promise.all(answers)).map(({ status }) => status);
}

async function areLookedUp(): Promise<boolean> {
  const waiting = await gatehouse.database.db.query(
    `select 1 from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like '%clients c%'`,
  );
  return waiting.length > 0;
}

it('API keys that come at the same time are each judged by their own client', async () => {
  const clientOf = (tenants: string[]) => gatehouse.createClient({ tenants });
  const good = [await clientOf(['acme']), await clientOf(['acme', 'globex'])];
  const foreign = await clientOf(['globex']);
  const disabled = await clientOf(['acme']);
  await registry.update(OPERATOR, disabled.id, { disabled: true });
  const wrongSecret = `${good[1]?.key.slice(0, -4) ?? ''}AAAA`;
  const unknown = `gh_${'0'.repeat(12)}_${'A'.repeat(43)}`;

  const keys = [good[0], foreign, good[1], disabled].map((client) => client?.key ?? '');
  expect(await presented([...keys, wrongSecret, unknown])).toEqual([200, 404, 200, 401, 401, 401]);
});

it('tokens of clients that come at the same time are each judged by their own client', async () => {
  const tokenIssuer = gatehouse.issuer.url;
  await gatehouse.createClient({ tokenIssuer, tokenSubject: 'foreign', tenants: ['globex'] });
  await gatehouse.createClient({ tokenIssuer, tokenSubject: 'second', tenants: ['acme'] });
  const elsewhere = 'https://elsewhere.example.com';
  await gatehouse.createClient({ tokenIssuer: elsewhere, tokenSubject: 'elsewhere' });

  const subjects = ['system:billing', 'foreign', 'second', 'elsewhere', 'nobody'];
  const tokens = subjects.map((sub) => gatehouse.issuer.sign({ ...workload(), sub }));
  expect(await presented(await Promise.all(tokens))).toEqual([200, 404, 200, 401, 401]);
});
