/** Rights are checked again after each wait: before an object of WorkOS is changed, and before the caller is answered. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { interleave, pauseCall } from '../support/interleave.ts';
import { makeThings, type Things } from '../support/resource-things.ts';
import { sample } from '../support/sample.ts';
import {
  connect,
  exchange,
  grant,
  organizationOf,
  profileOf,
  REDIRECT_URI,
  signIn,
} from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const OPERATOR = operator('test');

const gatehouse = useGatehouse({ replicas: 2 });
let platform: TestClient;
let made = 0;

beforeAll(async () => {
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  platform = await gatehouse.createClient();
});

/** A tenant with one of each, its client and its IT admin, so that a test can take rights away. */
interface Party {
  readonly tenantId: string;
  readonly client: TestClient;
  readonly userId: string;
  readonly token: string;
  readonly things: Things;
}

async function newParty(): Promise<Party> {
  made += 1;
  const [tenantId, userId] = [`tenant-${made}`, `user-${made}`];
  await gatehouse.provision(tenantId);
  const fields = { tenants: [tenantId], redirectUris: [REDIRECT_URI] };
  return {
    tenantId,
    userId,
    client: await gatehouse.createClient(fields),
    token: await gatehouse.userToken({ sub: userId, tenant_id: tenantId }),
    things: await makeThings(gatehouse, await organizationOf(gatehouse, tenantId)),
  };
}

type Lose = (party: Party) => PromiseLike<unknown>;
type Fields = Parameters<ReturnType<typeof createClientRegistry>['update']>[2];
const registry = () => createClientRegistry(gatehouse.database.db);
const elsewhere = () => gatehouse.as(platform, undefined, 1);
const update =
  (fields: Fields): Lose =>
  ({ client }) =>
    registry().update(OPERATOR, client.id, fields);
const deny: Lose = ({ tenantId, userId }) =>
  elsewhere().put(`/v1/tenants/${tenantId}/it-admins/${userId}`).send({ state: 'denied' });
const deleteTenant: Lose = ({ tenantId }) => elsewhere().delete(`/v1/tenants/${tenantId}`);
const makeAnew: Lose = async ({ client, tenantId }) => {
  await registry().delete(OPERATOR, client.id);
  await gatehouse.createClient({ id: client.id, tenants: [tenantId] });
};

const LOSSES: readonly (readonly [string, Lose])[] = [
  ['the client is disabled', update({ disabled: true })],
  ['the client loses the scope', update({ scopes: ['events:read'] })],
  ['the client loses the tenant', update({ tenants: ['globex'] })],
  ['the client is deleted and registered again', makeAnew],
];

type Ask = (party: Party) => PromiseLike<Response>;
const asUser = ({ client, token }: Party) => gatehouse.as(client, token);
const MAGIC = { type: 'MagicLink', email: 'ada@acme.example' };

/** Changes that first ask WorkOS whose the object is: the look-up, and the operation. */
const CHANGES: readonly (readonly [string, string, Ask])[] = [
  [
    'a connection is deleted',
    'GET /connections/*',
    (party) => asUser(party).delete(`/connections/${party.things.connection}`),
  ],
  [
    'a directory is deleted',
    'GET /directories/*',
    (party) => asUser(party).delete(`/directories/${party.things.directory}`),
  ],
  [
    'a domain is verified',
    'GET /organization_domains/*',
    (party) => asUser(party).post(`/organization_domains/${party.things.domain}/verify`),
  ],
  [
    'a user is changed',
    'GET /user_management/organization_memberships',
    (party) =>
      asUser(party).put(`/user_management/users/${party.things.user}`).send({ first_name: 'Eve' }),
  ],
  [
    'a user is deleted',
    'GET /user_management/organization_memberships',
    (party) => asUser(party).delete(`/user_management/users/${party.things.user}`),
  ],
  [
    'a magic link is made',
    'GET /connections/*',
    ({ client, things: { connection } }) =>
      gatehouse
        .as(client)
        .post('/passwordless/sessions')
        .send({ ...MAGIC, connection }),
  ],
];

const changesSince = (before: number) =>
  gatehouse.workos.requests
    .slice(before)
    .filter(({ method, path }) => method !== 'GET' && !path.startsWith('/organizations/'))
    .map(({ method, path }) => `${method} ${path}`);

async function askWhile(
  point: readonly [operation: string, at: 'before-effect' | 'after-effect'],
  ask: Ask,
  lose: Lose,
) {
  const party = await newParty();
  const before = gatehouse.workos.requests.length;
  const [answer] = await interleave(
    pauseCall(gatehouse.workos, ...point),
    () => ask(party),
    () => lose(party),
  );
  return { answer, changes: changesSince(before) };
}

describe.each(CHANGES.map(([change, lookUp, ask], at) => [change, lookUp, ask, at] as const))(
  'WorkOS is not told that %s',
  (_change, lookUp, ask, at) => {
    const cases = [...LOSSES, ['the tenant is deleted', deleteTenant] as const];
    it.each(sample(cases, 3, at))('when %s while its tenant is looked up', async (_case, lose) => {
      const { answer, changes } = await askWhile([lookUp, 'before-effect'], ask, lose);

      expect([401, 403, 404, 422]).toContain(answer.status);
      expect(changes).toEqual([]);
    });
  },
);

it('is not told to delete a connection for a user who is denied meanwhile', async () => {
  const [, lookUp, ask] = CHANGES[0] ?? [];
  if (!lookUp || !ask) throw new Error('There is no such change.');

  const { answer, changes } = await askWhile([lookUp, 'before-effect'], ask, deny);

  expect([answer.status, changes]).toEqual([403, []]);
});

/** Objects that only their maker may use: the operation, and how it is asked for. */
const MAKING: readonly (readonly [string, string, Ask])[] = [
  [
    'factor',
    'POST /auth/factors/enroll',
    (party) =>
      asUser(party)
        .post('/auth/factors/enroll')
        .send({ type: 'totp', totp_issuer: 'Product', totp_user: 'ada@acme.example' }),
  ],
  [
    'user',
    'POST /user_management/users',
    (party) =>
      asUser(party)
        .post('/user_management/users')
        .send({ email: `${randomUUID()}@acme.example` }),
  ],
  [
    'magic link',
    'POST /passwordless/sessions',
    ({ client }) => gatehouse.as(client).post('/passwordless/sessions').send(MAGIC),
  ],
  [
    'export',
    'POST /audit_logs/exports',
    (party) =>
      asUser(party)
        .post('/audit_logs/exports')
        .send({
          organization_id: party.tenantId,
          range_start: new Date(Date.now() - 86_400_000).toISOString(),
          range_end: new Date().toISOString(),
        }),
  ],
];
const UNDONE: Readonly<Record<string, string>> = {
  factor: 'DELETE /auth/factors/',
  user: 'DELETE /user_management/users/',
};

describe.each(MAKING.map(([kind, operation, ask], at) => [kind, operation, ask, at] as const))(
  'a new %s',
  (kind, operation, ask, at) => {
    const cases = LOSSES.filter(([what]) => what !== 'the client loses the tenant');
    it.each(sample(cases, 2, at))(
      'is not returned, and deleted if WorkOS can, when %s while WorkOS creates it',
      async (_case, lose) => {
        const { answer, changes } = await askWhile([operation, 'after-effect'], ask, lose);

        expect([401, 403]).toContain(answer.status);
        const undone = UNDONE[kind];
        expect(changes).toHaveLength(undone ? 2 : 1);
        expect(changes.at(-1)).toMatch(undone ?? operation);
      },
    );
  },
);

it('is not returned to a user who is denied while WorkOS creates an export', async () => {
  const [, operation, ask] = MAKING[3] ?? [];
  if (!operation || !ask) throw new Error('There is no such operation.');

  const { answer } = await askWhile([operation, 'after-effect'], ask, deny);

  expect(answer.status).toBe(403);
});

it('keeps a known object that WorkOS returns again', async () => {
  const { client, token } = await newParty();
  const enroll = () =>
    gatehouse.as(client, token).post('/auth/factors/enroll').send({ type: 'generic_otp' });
  const known = await enroll().expect(201);
  const again = { kind: 'status', status: 201, body: known.body as object } as const;
  gatehouse.workos.fault('POST /auth/factors/enroll', again, { times: 1 });
  const before = gatehouse.workos.requests.length;
  // The client is disabled as soon as the new object is noted, before WorkOS is asked.
  await gatehouse.database.superuser(`
    create function disable() returns trigger language plpgsql security definer as $$ begin
      update clients set disabled = true where id = new.client_id; return new; end $$;
    create trigger disables after insert on owned_objects for each row execute function disable()`);

  const answer = await enroll();

  await gatehouse.database.superuser('drop trigger disables on owned_objects');
  expect(answer.status).toBe(401);
  expect(changesSince(before)).toEqual(['POST /auth/factors/enroll']);
});

describe('a profile', () => {
  const cases = [
    ...LOSSES,
    [
      'the tenant is suspended',
      ({ tenantId }: Party) =>
        elsewhere().patch(`/v1/tenants/${tenantId}`).send({ status: 'suspended' }),
    ] as const,
    ['the tenant is deleted', deleteTenant] as const,
  ];
  it.each(cases)('is not returned when %s while WorkOS is asked', async (_case, lose) => {
    made += 1;
    const tenantId = `signed-in-${made}`;
    await gatehouse.provision(tenantId);
    await connect(gatehouse, tenantId);
    const fields = { tenants: [tenantId], redirectUris: [REDIRECT_URI] };
    const client = await gatehouse.createClient(fields);
    const { code } = await signIn(gatehouse, client, { query: { organization: tenantId } });
    const { body } = await exchange(gatehouse, grant(client, code));

    const [answer] = await interleave(
      pauseCall(gatehouse.workos, 'GET /sso/profile', 'after-effect'),
      () => profileOf(gatehouse, String(body.access_token)),
      () => lose({ tenantId, client } as Party),
    );

    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_access_token']);
  });
});
