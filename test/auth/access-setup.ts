import { afterAll, beforeAll } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { SCOPES } from '../../src/core/identity.ts';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { createCaller, type Caller } from '../support/http-caller.ts';
import { stateOf } from '../support/state.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

export type Headers = Record<string, string>;

export let gatehouse: TestApp;
export let caller: Caller;
export let client: TestClient;
/** A client with every scope and tenant. */
export let platform: TestClient;
export let before: unknown;
export const strangers = new Map<string, Headers>();
const users = new Map<string, Headers>();
export const strangeUsers = new Map<string, Headers>();
export const singleScope = new Map<string, Headers>();
/** Clients by the one scope that they lack. */
export const everyScopeBut = new Map<string, Headers>();
/** Clients that may use every tenant, by their one scope. */
export const unlimited = new Map<string, Headers>();
const REGISTERED = ['acme', 'acme-*', 'own-*'];
export const OWN = ['acme', 'acme-1'];
export const bearer = (credential: string): Headers => ({ authorization: `Bearer ${credential}` });

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

/** A user of the requested tenant, so that only their role can be what is missing. */
export async function userFor(name: string, tenant: string): Promise<Headers> {
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

export function useCallers(): void {
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
      const others = SCOPES.filter((one) => one !== scope);
      const lacking = await gatehouse.createClient({ scopes: others, tenants: REGISTERED });
      everyScopeBut.set(scope, bearer(lacking.key));
      unlimited.set(scope, bearer((await gatehouse.createClient({ scopes: [scope] })).key));
    }
    const registry = gatehouse.as(platform);
    await registry.put('/v1/tenants/globex/it-admins/grace').send({ state: 'granted' }).expect(201);
    for (const tenant of OWN)
      await registry
        .put(`/v1/tenants/${tenant}/it-admins/dan`)
        .send({ state: 'denied' })
        .expect(201);
    before = await stateOf(gatehouse);
  });
  afterAll(async () => {
    await caller.close();
    await gatehouse.stop();
  });
}
