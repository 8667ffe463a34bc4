/** A sign-in that WorkOS has confirmed is released only if client and tenant still have permission. */
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import { connect, exchange, grant, REDIRECT_URI, signIn } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const OPERATOR = operator('test');

const gatehouse = useGatehouse({ replicas: 2 });
let platform: TestClient;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
});
afterEach(async () => {
  gatehouse.workos.clearFaults();
  await setStatus('active');
});

const registry = () => createClientRegistry(gatehouse.database.db);
const setStatus = async (status: string) => {
  await gatehouse.as(platform, undefined, 1).patch('/v1/tenants/acme').send({ status });
};

type Loss = (client: TestClient) => Promise<unknown>;
const LOSSES: readonly (readonly [string, Loss])[] = [
  ['the tenant is suspended', () => setStatus('suspended')],
  ['the client is disabled', ({ id }) => registry().update(OPERATOR, id, { disabled: true })],
  [
    'the client loses sso:login',
    ({ id }) => registry().update(OPERATOR, id, { scopes: ['tenants:read'] }),
  ],
  [
    'the tenant is taken from the client',
    ({ id }) => registry().update(OPERATOR, id, { tenants: ['globex'] }),
  ],
  ['the client is deleted', ({ id }) => registry().delete(OPERATOR, id)],
  [
    'the client is deleted and registered again',
    async ({ id }) => {
      await registry().delete(OPERATOR, id);
      await gatehouse.createClient({ id, redirectUris: [REDIRECT_URI] });
    },
  ],
];

it.each(LOSSES)('a sign-in is refused when %s during the call to WorkOS', async (_what, lose) => {
  const client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  const { code } = await signIn(gatehouse, client);

  const [answer] = await interleave(
    pauseCall(gatehouse.workos, 'POST /sso/token', 'after-effect'),
    () => exchange(gatehouse, grant(client, code)),
    () => lose(client),
  );

  expect([answer.status, answer.body.error]).toEqual([400, 'invalid_grant']);
  const [row] = await gatehouse.database.superuser<{ outcome: string }>(
    `select outcome from audit_trail where operation = 'exchangeSsoCode' order by id desc limit 1`,
  );
  expect(row?.outcome).toBe('refused');
});

it('a sign-in is released when nothing has changed', async () => {
  const client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI], tenants: ['ac*'] });
  const { code } = await signIn(gatehouse, client);

  const answer = await exchange(gatehouse, grant(client, code));

  expect([answer.status, answer.body.profile]).toMatchObject([200, { organization_id: 'acme' }]);
});
