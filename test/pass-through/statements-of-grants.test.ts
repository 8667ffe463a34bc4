/** What operations that give access ask the database: tenant and client are read again only after WorkOS was asked. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { valueOf } from '../support/metrics.ts';
import { makeThings, type Things } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { INVITATIONS } from './attacks-setup.ts';

const gatehouse = useGatehouse();
let client: TestClient;
let token: string;
let things: Things;
beforeAll(async () => {
  await gatehouse.provision('acme');
  client = await gatehouse.createClient({ tenants: ['acme'] });
  token = await gatehouse.userToken({ tenant_id: 'acme' });
  things = await makeThings(gatehouse, await organizationOf(gatehouse, 'acme'));
});

const STATEMENTS = 'gatehouse_database_statement_duration_seconds_count{outcome="ok"}';
async function statements(): Promise<number> {
  const metrics = await fetch(`${gatehouse.adminUrls[0] ?? ''}/metrics`);
  return valueOf(await metrics.text(), STATEMENTS) ?? 0;
}
const TIMES = 20;

describe('an operation that gives access', () => {
  it.each<readonly [string, string, () => object, number]>([
    ['a token for widgets', '/widgets/token', () => ({ organization_id: 'acme' }), 6],
    [
      'a token for widgets of a user',
      '/widgets/token',
      () => ({ organization_id: 'acme', user_id: things.user }),
      14,
    ],
    [
      'an invitation',
      INVITATIONS,
      () => ({ organization_id: 'acme', email: `${randomUUID()}@people.example` }),
      5,
    ],
  ])('reads its tenant again only after WorkOS was asked: %s', async (_what, path, body, cost) => {
    const send = () => gatehouse.as(client, token).post(path).send(body()).expect(201);
    await send();
    const before = await statements();

    for (let n = 0; n < TIMES; n += 1) await send();

    // One statement to spare for background tasks.
    expect(((await statements()) - before) / TIMES).toBeLessThan(cost + 1);
  });
});
