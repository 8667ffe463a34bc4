import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { implement } from '../../src/http/endpoint.ts';
import { SCOPES } from '../../src/core/identity.ts';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { createCaller, fingerprint, type Answer, type Caller } from '../support/calls.ts';
import {
  callOf,
  guardedOperations,
  operations,
  resourceOperations,
  tenantOperations,
  type GuardedOperation,
} from '../support/operations.ts';
import { stateOf } from '../support/state.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

type Headers = Record<string, string>;
/** [status, code], as one word. */
type Outcome = string;

let gatehouse: TestApp;
let caller: Caller;
let client: TestClient;
/** With every scope and tenant. */
let platform: TestClient;
let before: unknown;
const strangers = new Map<string, Headers>();
const users = new Map<string, Headers>();
const strangeUsers = new Map<string, Headers>();
const singleScope = new Map<string, Headers>();
/** The same, of every tenant. */
const unlimited = new Map<string, Headers>();
let combinations = 0;

const REGISTERED = ['acme', 'acme-*', 'own-*'];
const OWN = ['acme', 'acme-1'];
/** The first three exist; `Acme` and `acme` are not the same, nor is one the other's prefix. */
const NOT_OWN = ['globex', 'Acme', 'acmesia', 'nowhere', 'ACME-1', 'own'];

const STRANGERS = [
  'nobody',
  'an unknown key',
  'a key with a wrong secret',
  'a key with another client’s secret',
  'a key without its prefix',
  'a key in lower case',
  'a revoked key',
  'an expired key',
  'a disabled client’s key',
  'a deleted client’s key',
  'a key by Basic',
  'a key without a scheme',
  'a key among other words',
  'a user’s token',
  'a workload token of nobody',
  'a workload token of a disabled client',
  'a workload token signed by another key',
  'a workload token of another issuer',
  'an expired workload token',
];
const STRANGE_USERS = [
  'signed by another key',
  'unsigned',
  'expired',
  'for another audience',
  'of another issuer',
  'that is a client’s key',
  'that is no token',
  'without a tenant',
  'for two tenants',
];
const NOT_ADMINS = [
  'nobody',
  'a member',
  'a user without roles',
  'a user with a role that only looks like it',
  'an IT admin of another tenant',
  'an IT admin of a tenant that does not exist',
  'an IT admin of a tenant whose name begins alike',
  'a user granted in another tenant',
  'an IT admin who is denied',
];

beforeAll(async () => {
  gatehouse = await startTestApp();
  caller = createCaller(gatehouse.url);
  platform = await gatehouse.createClient();
  client = await gatehouse.createClient({ tenants: REGISTERED });
  await Promise.all(
    [...OWN, 'globex', 'Acme', 'acmesia'].map((tenant) => gatehouse.provision(tenant)),
  );
  await arrangeStrangers();
  await arrangeUsers();
  for (const scope of SCOPES) {
    const only = await gatehouse.createClient({ scopes: [scope], tenants: REGISTERED });
    singleScope.set(scope, bearer(only.key));
    unlimited.set(scope, bearer((await gatehouse.createClient({ scopes: [scope] })).key));
  }
  const registry = gatehouse.as(platform);
  await registry.put('/v1/tenants/globex/it-admins/grace').send({ state: 'granted' }).expect(201);
  for (const tenant of OWN)
    await registry.put(`/v1/tenants/${tenant}/it-admins/dan`).send({ state: 'denied' }).expect(201);
  before = await stateOf(gatehouse);
});

afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

const bearer = (credential: string): Headers => ({ authorization: `Bearer ${credential}` });
/** Of a client that nothing but the user can be wrong with. */
const holderOf = ({ access }: GuardedOperation): Headers =>
  bearer((access.everyTenant ? platform : client).key);

async function arrangeStrangers(): Promise<void> {
  const { database, issuer } = gatehouse;
  const registry = createClientRegistry(database.db);
  const by = operator('test');
  const [revoked, expired, disabled, deleted] = await Promise.all([
    gatehouse.createClient(),
    gatehouse.createClient(),
    gatehouse.createClient({
      disabled: true,
      tokenIssuer: issuer.url,
      tokenSubject: 'system:disabled',
    }),
    gatehouse.createClient(),
  ]);
  await registry.revokeKey(by, revoked.id, keyId(revoked.key));
  await registry.delete(by, deleted.id);
  await database.superuser(
    `update client_keys set expires_at = now() - interval '1 second' where id = $1`,
    [keyId(expired.key)],
  );
  await gatehouse.createClient({ tokenIssuer: issuer.url, tokenSubject: 'system:billing' });
  const workload = { aud: 'gatehouse-clients', sub: 'system:billing' };
  const { privateKey: foreignKey } = await generateKeyPair('ES256');
  const [id, secret] = [keyId(client.key), client.key.slice(-43)];
  const given: Record<string, Headers> = {
    nobody: {},
    'an unknown key': bearer(`gh_aaaaaaaaaaaa_${secret}`),
    'a key with a wrong secret': bearer(`gh_${id}_${'A'.repeat(43)}`),
    'a key with another client’s secret': bearer(`gh_${id}_${disabled.key.slice(-43)}`),
    'a key without its prefix': bearer(client.key.slice(3)),
    'a key in lower case': bearer(client.key.toLowerCase()),
    'a revoked key': bearer(revoked.key),
    'an expired key': bearer(expired.key),
    'a disabled client’s key': bearer(disabled.key),
    'a deleted client’s key': bearer(deleted.key),
    'a key by Basic': {
      authorization: `Basic ${Buffer.from(`${client.id}:${client.key}`).toString('base64')}`,
    },
    'a key without a scheme': { authorization: client.key },
    'a key among other words': { authorization: `Bearer ${client.key} ${client.key}` },
    'a user’s token': bearer(await gatehouse.userToken()),
    'a workload token of nobody': bearer(await issuer.sign({ ...workload, sub: 'system:nobody' })),
    'a workload token of a disabled client': bearer(
      await issuer.sign({ ...workload, sub: 'system:disabled' }),
    ),
    'a workload token signed by another key': bearer(await sign(foreignKey, workload)),
    'a workload token of another issuer': bearer(
      await issuer.sign({ ...workload, iss: 'https://evil.example' }),
    ),
    'an expired workload token': bearer(await issuer.sign({ ...workload, exp: past() })),
  };
  for (const [name, headers] of Object.entries(given)) strangers.set(name, headers);
}

async function arrangeUsers(): Promise<void> {
  const { issuer } = gatehouse;
  const { privateKey: foreignKey } = await generateKeyPair('ES256');
  const ada = { aud: 'gatehouse', sub: 'ada', tenant_id: 'acme', roles: ['it_admin'] };
  const strange: Record<string, string> = {
    'signed by another key': await sign(foreignKey, ada),
    unsigned: unsigned({ ...ada, iss: issuer.url, exp: past() + 1_200 }),
    expired: await issuer.sign({ ...ada, exp: past() }),
    'for another audience': await issuer.sign({ ...ada, aud: 'gatehouse-clients' }),
    'of another issuer': await issuer.sign({ ...ada, iss: 'https://evil.example' }),
    'that is a client’s key': client.key,
    'that is no token': 'ada',
    'without a tenant': await issuer.sign({ ...ada, tenant_id: undefined }),
    'for two tenants': await issuer.sign({ ...ada, tenant_id: ['acme', 'acme-1'] }),
  };
  for (const [name, token] of Object.entries(strange))
    strangeUsers.set(name, { 'gatehouse-user-token': token });
}

const keyId = (key: string): string => key.split('_')[1] ?? '';
const past = () => Math.floor(Date.now() / 1_000) - 600;
const sign = (key: Parameters<SignJWT['sign']>[0], claims: Record<string, unknown>) =>
  new SignJWT({ iss: gatehouse.issuer.url, exp: past() + 1_200, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'key-1' })
    .sign(key);
const unsigned = (claims: Record<string, unknown>): string =>
  `${[{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

/** A user of the tenant asked about, so that nothing but his rights can be what is missing. */
async function userFor(name: string, tenant: string): Promise<Headers> {
  const cached = users.get(`${name} ${tenant}`);
  if (cached) return cached;
  const claims: Record<string, Record<string, unknown> | undefined> = {
    'an IT admin': {},
    'a member': { roles: ['member'] },
    'a user without roles': { roles: undefined },
    'a user with a role that only looks like it': {
      roles: ['IT_ADMIN', 'it_admin ', 'it_admins', '*', '', null, { it_admin: true }],
    },
    'an IT admin of another tenant': { tenant_id: 'globex' },
    'an IT admin of a tenant that does not exist': { tenant_id: 'nowhere-at-all' },
    'an IT admin of a tenant whose name begins alike': { tenant_id: `${tenant}x` },
    'a user granted in another tenant': { sub: 'grace', tenant_id: 'globex', roles: [] },
    'an IT admin who is denied': { sub: 'dan' },
  };
  const own = claims[name];
  const headers: Headers = own
    ? { 'gatehouse-user-token': await gatehouse.userToken({ tenant_id: tenant, ...own }) }
    : {};
  users.set(`${name} ${tenant}`, headers);
  return headers;
}

async function outcomeOf(
  operation: GuardedOperation,
  tenant: string,
  ...headers: Headers[]
): Promise<Outcome> {
  combinations += 1;
  const call = callOf(operation, { tenant }, Object.assign({}, ...headers) as Headers);
  const answer = await caller.send(call);
  return outcome(answer);
}

const outcome = ({ status, json }: Answer): Outcome => `${status} ${String(json.code)}`;

/** Every outcome that there was, each once. */
async function outcomes(all: readonly Promise<Outcome>[]): Promise<Outcome[]> {
  return [...new Set(await Promise.all(all))].sort();
}

describe.each(guardedOperations.map((operation) => [operation.id, operation] as const))(
  '%s',
  (_id, operation) => {
    it.each(STRANGERS)('refuses %s, for every tenant and user', async (name) => {
      const calls = ['acme', 'nowhere'].flatMap((tenant) =>
        ['nobody', 'an IT admin'].map(async (user) =>
          outcomeOf(operation, tenant, strangers.get(name) ?? {}, await userFor(user, tenant)),
        ),
      );

      expect(strangers.has(name)).toBe(true);
      expect(await outcomes(calls)).toEqual(['401 unauthenticated']);
    });

    it('refuses a client with every single scope but its own', async () => {
      const others = SCOPES.filter((scope) => scope !== operation.access.scope);

      const calls = others.flatMap((scope) =>
        ['acme', 'nowhere'].map(async (tenant) =>
          outcomeOf(
            operation,
            tenant,
            singleScope.get(scope) ?? {},
            await userFor('an IT admin', tenant),
          ),
        ),
      );

      expect(await outcomes(calls)).toEqual(['403 insufficient_scope']);
    });

    it.each(STRANGE_USERS)('refuses a user’s token %s', async (name) => {
      const calls = ['acme', 'nowhere'].map((tenant) =>
        outcomeOf(operation, tenant, holderOf(operation), strangeUsers.get(name) ?? {}),
      );

      expect(strangeUsers.has(name)).toBe(true);
      expect(await outcomes(calls)).toEqual(['401 invalid_user_token']);
    });

    it('refuses a user named by a header without the scope for it, or beside a token', async () => {
      const named = { 'gatehouse-user-id': 'ada', 'gatehouse-user-roles': 'it_admin' };
      const { scope, everyTenant } = operation.access;
      const own = (everyTenant ? unlimited : singleScope).get(scope) ?? {};
      const token = await userFor('an IT admin', 'acme');

      expect(await outcomeOf(operation, 'acme', own, named)).toBe('403 insufficient_scope');
      expect(await outcomeOf(operation, 'acme', holderOf(operation), named, token)).toBe(
        '400 conflicting_user_headers',
      );
    });
  },
);

describe.each(tenantOperations.map((operation) => [operation.id, operation] as const))(
  '%s with a tenant',
  (_id, operation) => {
    it.each(NOT_OWN)('answers tenant_not_found for %s, whoever the user is', async (tenant) => {
      const calls = ['nobody', 'an IT admin'].map(async (user) =>
        outcomeOf(operation, tenant, bearer(client.key), await userFor(user, tenant)),
      );

      expect(await outcomes(calls)).toEqual(['404 tenant_not_found']);
    });

    it('answers a foreign tenant and an unknown one alike, byte for byte', async () => {
      const user = await userFor('an IT admin', 'globex');
      const answers = await Promise.all(
        ['globex', 'nowhere', 'Acme', 'acmesia'].map((tenant) =>
          caller.send(
            callOf(
              operation,
              { tenant },
              { ...bearer(client.key), ...user, 'x-request-id': 'the-same' },
            ),
          ),
        ),
      );

      const [first, ...others] = answers.map(fingerprint);

      expect(first).toMatchObject({ status: 404 });
      for (const other of others) expect(other).toEqual(first);
    });
  },
);

const adminOperations = tenantOperations.filter(({ access }) => access.actingUser);

describe.each(adminOperations.map((operation) => [operation.id, operation] as const))(
  '%s for an IT admin',
  (_id, operation) => {
    it.each(NOT_ADMINS)('refuses %s', async (name) => {
      const calls = OWN.map(async (tenant) =>
        outcomeOf(operation, tenant, bearer(client.key), await userFor(name, tenant)),
      );

      const code = name === 'nobody' ? 'acting_user_required' : 'it_admin_required';
      expect(await outcomes(calls)).toEqual([`403 ${code}`]);
    });

    it.each([
      ['a member', { 'gatehouse-user-id': 'max', 'gatehouse-user-roles': 'member' }],
      ['a user without roles', { 'gatehouse-user-id': 'max' }],
      [
        'an IT admin who is denied',
        { 'gatehouse-user-id': 'dan', 'gatehouse-user-roles': 'it_admin' },
      ],
    ])('refuses %s whom the client vouches for', async (_name, headers) => {
      const calls = OWN.map((tenant) =>
        outcomeOf(operation, tenant, bearer(client.key), headers as Headers),
      );

      expect(await outcomes(calls)).toEqual(['403 it_admin_required']);
    });

    it('refuses roles without a user', async () => {
      const roles = { 'gatehouse-user-roles': 'it_admin' };

      expect(await outcomeOf(operation, 'acme', bearer(client.key), roles)).toBe(
        '403 acting_user_required',
      );
    });
  },
);

describe('lists', () => {
  it.each([
    '/v1/portal-launches?tenant_id=%',
    '/v1/audit-trail?tenant_id=%',
    '/v1/tenants?after=%',
    '/v1/tenants?before=%&order=asc',
  ])('tell no foreign tenant from an unknown one: %s', async (template) => {
    const answers = await Promise.all(
      ['globex', 'nowhere'].map((tenant) =>
        caller.send({
          method: 'get',
          path: template.replace('%', tenant),
          headers: { ...bearer(client.key), 'x-request-id': 'the-same' },
        }),
      ),
    );

    const [foreign, unknown] = answers.map(fingerprint);

    expect(foreign).toEqual(unknown);
    expect(answers[0]?.json.data).toEqual([]);
  });

  it('hold tenants of the client only', async () => {
    const { json } = await caller.send({
      method: 'get',
      path: '/v1/tenants?limit=100',
      headers: bearer(client.key),
    });

    const ids = (json.data as { id: string }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual([...OWN].sort());
  });
});

describe('all of these refusals', () => {
  it('were more than a thousand, asked nothing of WorkOS and changed nothing', async () => {
    expect(combinations).toBeGreaterThan(1_000);
    expect(await stateOf(gatehouse)).toEqual(before);
  });
});

/** What the contract itself shows how to do, and that needs no object of WorkOS's. */
const exemplified = guardedOperations.filter(
  ({ id, endpoint }) =>
    (endpoint.example ?? !endpoint.body) &&
    !endpoint.path.includes('{id}') &&
    !resourceOperations.some((resource) => resource.id === id),
);

describe('the right caller', () => {
  it.each(exemplified.map((operation) => [operation.id, operation] as const))(
    'may do %s',
    async (id, operation) => {
      const tenant = `own-${id}`;
      await gatehouse.provision(tenant);
      const user = await userFor('an IT admin', tenant);
      const agent = gatehouse.as(client, user['gatehouse-user-token']);
      await agent.put(`/v1/tenants/${tenant}/it-admins/eve`).send({ state: 'granted' }).expect(201);
      const created = await agent
        .post('/v1/portal-launches')
        .send({ tenant_id: tenant, intent: 'sso' })
        .expect(201);
      const { id: launch } = created.body as { id: string };

      const { status } = await caller.send(
        callOf(operation, { tenant, user: 'eve', launch }, { ...bearer(client.key), ...user }),
      );

      expect([200, 201, 204]).toContain(status);
    },
  );

  it('may be a workload, by its token', async () => {
    const token = await gatehouse.issuer.sign({ aud: 'gatehouse-clients', sub: 'system:billing' });

    const { status } = await caller.send({
      method: 'get',
      path: '/v1/tenants/acme',
      headers: bearer(token),
    });

    expect(status).toBe(200);
  });

  it.each([
    ['granted', { sub: 'grace', tenant_id: 'acme', roles: [] }],
    ['an IT admin by one role of several', { roles: ['member', 'it_admin'] }],
    ['an IT admin by a role that stands alone', { roles: 'it_admin' }],
  ])('may bring a user who is %s', async (_name, claims) => {
    await gatehouse
      .as(client)
      .put('/v1/tenants/acme/it-admins/grace')
      .send({ state: 'granted' })
      .expect((res) => expect([200, 201]).toContain(res.status));

    const res = await gatehouse
      .as(client, await gatehouse.userToken(claims))
      .post('/v1/portal-launches')
      .send({ tenant_id: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
  });
});

describe('every operation', () => {
  it('says who may call it', () => {
    for (const { endpoint } of operations) expect(endpoint.access).toBeDefined();
  });

  it('cannot be without it: that does not compile', () => {
    const contract = {
      open: {
        method: 'get',
        path: '/v1/open',
        summary: 'Open',
        reply: { status: 204 },
        problems: [],
      },
    } as const;

    // @ts-expect-error -- the compiler is the test: `access` is missing, and there is no default
    expect(implement(contract, { open: () => Promise.resolve(undefined) })).toHaveLength(1);
  });

  it('is closed to strangers, but for pages and for what knows its callers otherwise', () => {
    const open = operations
      .filter(({ endpoint }) => endpoint.access === 'public' && endpoint.reply.status !== 'browser')
      .map(({ id }) => id);

    expect(open).toEqual(['exchangeSsoCode', 'getSsoProfile', 'oauthMetadata', 'receiveWebhook']);
  });
});
