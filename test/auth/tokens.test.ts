import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { createKeySet, KeysUnavailable, type KeySet } from '../../src/auth/key-set.ts';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry, type ClientRegistry } from '../../src/clients/registry.ts';
import type { Config } from '../../src/config/config.ts';
import { startGatehouse } from '../../src/process/gateway.ts';
import { Secret } from '../../src/core/secret.ts';
import { createCaller, type Answer, type Caller } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import {
  FORGERIES,
  GOOD,
  inSeconds,
  signed,
  USER_FORGERIES,
  withSignature,
  withUnknownKey,
  type Forging,
} from '../support/forge.ts';
import { startIssuer, type Issuer } from '../support/issuer.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

let gatehouse: TestApp;
let callers: Caller[];
let registry: ClientRegistry;
let client: TestClient;
let canary: Server;
let canaryHits = 0;
let otherKey: Forging['otherKey'];
let otherJwk: Forging['otherJwk'];

const OPERATOR = operator('test');
const LAUNCH = JSON.stringify({ tenant_id: 'acme', intent: 'sso' });

beforeAll(async () => {
  canary = createServer((_req, res) => {
    canaryHits += 1;
    res.end(JSON.stringify({ keys: [otherJwk] }));
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  gatehouse = await startTestApp({ replicas: 3 });
  callers = gatehouse.urls.map((url) => createCaller(url));
  registry = createClientRegistry(gatehouse.database.db);
  client = await gatehouse.createClient();
  await gatehouse.createClient({
    tokenIssuer: gatehouse.issuer.url,
    tokenSubject: 'system:billing',
  });
  await gatehouse.provision('acme');
  const pair = await generateKeyPair('ES256', { extractable: true });
  otherKey = pair.privateKey;
  otherJwk = { ...(await exportJWK(pair.publicKey)), kid: 'key-1', alg: 'ES256' };
});

afterAll(async () => {
  await Promise.all(callers.map((caller) => caller.close()));
  await new Promise((resolve) => canary.close(resolve));
  await gatehouse.stop();
});

const user = () => ({
  iss: gatehouse.issuer.url,
  aud: 'gatehouse',
  sub: 'ada',
  tenant_id: 'acme',
  roles: ['it_admin'],
  exp: inSeconds(600),
});
const workload = () => ({
  iss: gatehouse.issuer.url,
  aud: 'gatehouse-clients',
  sub: 'system:billing',
  exp: inSeconds(600),
});
const forging = (good: Record<string, unknown>): Forging => ({
  issuer: gatehouse.issuer,
  good,
  otherKey,
  otherJwk,
  canary: `http://127.0.0.1:${(canary.address() as AddressInfo).port}`,
});

const replica = (at: number): Caller => callers[at] ?? ({} as Caller);

/** A launch in the name of a user. */
const launchAs = (token: string, caller = replica(0), key = client.key): Promise<Answer> =>
  caller.send({
    method: 'post',
    path: '/v1/portal-launches',
    headers: {
      authorization: `Bearer ${key}`,
      'gatehouse-user-token': token,
      'content-type': 'application/json',
    },
    body: LAUNCH,
  });
const callWith = (credential: string, caller = replica(0)): Promise<Answer> =>
  caller.send({
    method: 'get',
    path: '/v1/tenants/acme',
    headers: { authorization: `Bearer ${credential}` },
  });

/** One more process on the same database, of its own configuration. */
async function withProcess(
  change: (config: Config) => Partial<Config>,
  use: (caller: Caller) => Promise<void>,
): Promise<void> {
  const { config } = gatehouse;
  const started = await startGatehouse({ ...config, ...change(config) }, pino({ level: 'silent' }));
  const caller = createCaller(`http://127.0.0.1:${started.port}`, 50);
  try {
    await started.ready;
    await use(caller);
  } finally {
    await caller.close();
    await started.stop();
  }
}

describe('a user’s token', () => {
  it.each(Object.keys(GOOD))('is accepted: %s', async (name) => {
    const token = await GOOD[name]?.(forging(user()));

    const answer = await launchAs(token ?? '');

    expect(answer).toMatchObject({ status: 201, json: { user_id: 'ada' } });
  });

  it.each(Object.keys({ ...FORGERIES, ...USER_FORGERIES }))('is refused: %s', async (name) => {
    const token = await { ...FORGERIES, ...USER_FORGERIES }[name]?.(forging(user()));

    const { status, json, headers } = await launchAs(token ?? '');

    expect([status, json.code]).toEqual([401, 'invalid_user_token']);
    expect(headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
  });

  it('is refused when it is longer than all headers may be', async () => {
    const { issuer } = gatehouse;
    const token = await signed(issuer.privateKey, { ...user(), filler: 'x'.repeat(49_152) });

    const { status, json } = await launchAs(token);

    expect([status, json.code]).toEqual([431, 'headers_too_large']);
  });

  it('is refused once it has expired, also where it was good before', async () => {
    const { issuer } = gatehouse;
    // Ten seconds are tolerated, so this one is good for about one more.
    const token = await signed(issuer.privateKey, { ...user(), exp: inSeconds(-8) });
    const first = await launchAs(token);

    const last = await eventually(
      () => launchAs(token),
      ({ status }) => status === 401,
      5_000,
    );

    expect([first.status, last.status]).toEqual([201, 401]);
  });

  it('does not stand for a client', async () => {
    const token = await signed(gatehouse.issuer.privateKey, user());

    expect(await callWith(token)).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
  });

  it('is not read from the query', async () => {
    const token = await signed(gatehouse.issuer.privateKey, user());

    const { status, json } = await replica(0).send({
      method: 'post',
      path: `/v1/portal-launches?user_token=${token}&access_token=${client.key}`,
      headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
      body: LAUNCH,
    });

    expect([status, json.code]).toEqual([403, 'acting_user_required']);
  });
});

describe('a workload token', () => {
  it.each(Object.keys(GOOD))('is accepted: %s', async (name) => {
    const token = await GOOD[name]?.(forging(workload()));

    expect(await callWith(token ?? '')).toMatchObject({ status: 200, json: { id: 'acme' } });
  });

  it.each(Object.keys(FORGERIES))('is refused: %s', async (name) => {
    const token = await FORGERIES[name]?.(forging(workload()));

    const { status, json, headers } = await callWith(token ?? '');

    expect([status, json.code]).toEqual([401, 'unauthenticated']);
    expect(headers['www-authenticate']).toBe('Bearer realm="gatehouse"');
  });
});

describe('forged tokens', () => {
  it('made nobody fetch anything, and asked nothing of WorkOS', () => {
    expect(canaryHits).toBe(0);
    expect(gatehouse.workos.requestsTo('POST /portal/generate_link')).toEqual([]);
  });
});

describe('USER_TOKEN_AZP_CLAIM', () => {
  it('makes a token of the calling client the only one that is good', async () => {
    const { privateKey } = gatehouse.issuer;
    const parties = ['client-1', 'somebody-else', undefined, ['client-1'], 'CLIENT-1', ''];

    await withProcess(
      ({ userTokenClaims }) => ({ userTokenClaims: { ...userTokenClaims, azp: 'azp' } }),
      async (caller) => {
        const answers = await Promise.all(
          parties.map(async (azp) =>
            launchAs(await signed(privateKey, { ...user(), azp }), caller),
          ),
        );

        expect(client.id).toBe('client-1');
        expect(answers.map(({ status }) => status)).toEqual([201, 401, 401, 401, 401, 401]);
      },
    );
  });
});

describe('a user named by header', () => {
  const named = (headers: Record<string, string>, key = client.key) =>
    replica(0).send({
      method: 'post',
      path: '/v1/portal-launches',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: LAUNCH,
    });

  it('is taken at the client’s word with users:assert, and audited as such', async () => {
    const { status, json, headers } = await named({
      'gatehouse-user-id': 'bob|42@okta',
      'gatehouse-user-roles': 'member, it_admin',
    });

    expect([status, json.user_id]).toEqual([201, 'bob|42@okta']);
    const [row] = await gatehouse.database.superuser<{ details: unknown; user_id: string }>(
      'select user_id, details from audit_trail where request_id = $1',
      [headers['x-request-id']],
    );
    expect(row).toMatchObject({ user_id: 'bob|42@okta', details: { user_asserted: true } });
  });

  it('is refused without the scope', async () => {
    const modest = await gatehouse.createClient({ scopes: ['portal:launch'] });

    const { status, json } = await named({ 'gatehouse-user-id': 'bob' }, modest.key);

    expect([status, json.code]).toEqual([403, 'insufficient_scope']);
  });

  it.each([
    ['an id', { 'gatehouse-user-id': 'ada' }],
    ['roles', { 'gatehouse-user-roles': 'it_admin' }],
    ['both', { 'gatehouse-user-id': 'ada', 'gatehouse-user-roles': 'it_admin' }],
  ])('is refused as %s beside a token', async (_name, headers) => {
    const token = await signed(gatehouse.issuer.privateKey, user());

    const { status, json } = await named({ ...headers, 'gatehouse-user-token': token });

    expect([status, json.code]).toEqual([400, 'conflicting_user_headers']);
  });

  it.each([
    ['empty', ''],
    ['too long', 'a'.repeat(256)],
    ['not ASCII', Buffer.from('adä', 'utf8').toString('latin1')],
    ['with a space', 'ada lovelace'],
    ['with a tab', 'ada\tlovelace'],
  ])('is refused %s', async (_name, id) => {
    const { status, json } = await named({
      'gatehouse-user-id': id,
      'gatehouse-user-roles': 'it_admin',
    });

    expect([status, json.errors?.[0]?.field]).toEqual([400, 'gatehouse-user-id']);
  });
});

describe('the keys of an issuer', () => {
  it('are fetched at most twice for 2,000 tokens of unknown keys', async () => {
    const token = await signed(gatehouse.issuer.privateKey, user());
    await launchAs(token);
    const before = gatehouse.issuer.fetches();

    const answers = await Promise.all(
      Array.from({ length: 2_000 }, (_, at) =>
        launchAs(withUnknownKey({ ...user(), jti: at }, `key-${at}-${Math.random()}`)),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(gatehouse.issuer.fetches() - before).toBeLessThanOrEqual(2);
    expect((await launchAs(token)).status).toBe(201);
  });

  it('are fetched once by many tokens that come at the same time', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        signed(gatehouse.issuer.privateKey, { ...user(), jti: at }),
      ),
    );

    await withProcess(
      () => ({}),
      async (caller) => {
        const before = gatehouse.issuer.fetches();
        const answers = await Promise.all(tokens.map((token) => launchAs(token, caller)));

        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
        expect(gatehouse.issuer.fetches() - before).toBe(1);
      },
    );
  });

  it('serve on while the issuer is down, for known keys', async () => {
    const { issuer } = gatehouse;
    await launchAs(await signed(issuer.privateKey, user()));
    issuer.setDown(true);
    try {
      const known = await launchAs(await signed(issuer.privateKey, { ...user(), jti: 'new' }));
      const unknown = await launchAs(withUnknownKey(user(), 'key-2'));

      expect(known.status).toBe(201);
      expect([unknown.status, unknown.json.code]).toEqual([401, 'invalid_user_token']);
    } finally {
      issuer.setDown(false);
    }
  });

  it('that were never had make it 503 with Retry-After, not the token’s fault', async () => {
    const { issuer } = gatehouse;
    issuer.setDown(true);
    try {
      await withProcess(
        () => ({}),
        async (caller) => {
          const before = issuer.fetches();
          const answers = await Promise.all([
            ...Array.from({ length: 20 }, async (_, at) =>
              launchAs(await signed(issuer.privateKey, { ...user(), jti: at }), caller),
            ),
            callWith(await signed(issuer.privateKey, workload()), caller),
          ]);
          const forged = await launchAs(withSignature(user(), { alg: 'none' }, ''), caller);

          for (const { status, headers, json } of answers) {
            expect([status, json.code]).toEqual([503, 'dependency_unavailable']);
            expect(Number(headers['retry-after'])).toBeGreaterThan(0);
          }
          expect(forged.status).toBe(401);
          // One for users, one for clients.
          expect(issuer.fetches() - before).toBe(2);
        },
      );
    } finally {
      issuer.setDown(false);
    }
  });
});

describe('createKeySet', () => {
  let issuer: Issuer;
  let time = 0;
  const outcomes: string[] = [];
  const keySet = () => {
    time = Date.now();
    outcomes.length = 0;
    return createKeySet({
      url: new URL(issuer.jwksUrl),
      now: () => time,
      onFetch: (outcome) => outcomes.push(outcome),
    });
  };
  const known = { alg: 'ES256', kid: 'key-1' };
  const unknown = { alg: 'ES256', kid: 'key-2' };
  /** As a token of this header is verified. */
  async function find(keys: KeySet, header: { alg: string; kid: string }): Promise<unknown> {
    const token = { payload: '', signature: '' };
    const current = await keys.current();
    try {
      return await current(header, token);
    } catch (error) {
      const newer = await keys.newerThan(current);
      if (!newer) throw error;
      return newer(header, token);
    }
  }

  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.stop());

  it('looks for an unknown key again only after 30 seconds', async () => {
    const keys = keySet();
    await find(keys, known);

    const asked = [];
    for (const seconds of [1, 28, 2, 1, 28, 2]) {
      time += seconds * 1_000;
      await expect(find(keys, unknown)).rejects.toThrow();
      asked.push(outcomes.length);
    }

    expect(asked).toEqual([1, 1, 2, 2, 2, 3]);
  });

  it('fetches known keys anew in the background after ten minutes', async () => {
    const keys = keySet();
    await find(keys, known);
    time += 11 * 60_000;

    await find(keys, known);

    await eventually(
      () => Promise.resolve(outcomes.length),
      (fetches) => fetches === 2,
      2_000,
    );
  });

  it('trusts known keys for a day without the issuer, asking twice a minute, and no longer', async () => {
    const keys = keySet();
    await find(keys, known);
    issuer.setDown(true);
    try {
      for (let minutes = 0; minutes < 15; minutes += 1) {
        time += 60_000;
        await expect(find(keys, known)).resolves.toBeDefined();
        await expect(find(keys, unknown)).rejects.toThrow('no applicable key found');
      }
      const inFifteenMinutes = outcomes.length;
      time += 23 * 60 * 60_000;
      await expect(find(keys, known)).resolves.toBeDefined();
      time += 60 * 60_000;

      await expect(find(keys, known)).rejects.toThrow(KeysUnavailable);
      expect(inFifteenMinutes).toBeLessThanOrEqual(31);
    } finally {
      issuer.setDown(false);
    }
  });

  it('comes back by itself within seconds of the issuer', async () => {
    issuer.setDown(true);
    const keys = keySet();
    await expect(find(keys, known)).rejects.toThrow(KeysUnavailable);
    issuer.setDown(false);
    await expect(find(keys, known)).rejects.toThrow(KeysUnavailable);
    time += 5_001;

    await expect(find(keys, known)).resolves.toBeDefined();
    expect(outcomes).toEqual(['failed', 'ok']);
  });
});

describe('an API key', () => {
  const everywhere = (key: string) =>
    Promise.all(callers.map(async (caller) => (await callWith(key, caller)).status));
  const keyId = (key: string) => key.split('_')[1] ?? '';

  /** How long until every replica refuses it. */
  async function timeUntilRefused(key: string): Promise<number> {
    const since = performance.now();
    await eventually(
      () => everywhere(key),
      (statuses) => statuses.every((status) => status === 401),
      3_000,
      5,
    );
    return performance.now() - since;
  }

  it('is rotated without a gap, and revoked on every replica within a second', async () => {
    const { id, key: old } = await gatehouse.createClient();
    const { key: next } = await registry.rotateKey(OPERATOR, id, null);
    expect(await everywhere(old)).toEqual([200, 200, 200]);
    expect(await everywhere(next.reveal())).toEqual([200, 200, 200]);

    await registry.revokeKey(OPERATOR, id, keyId(old));

    expect(await timeUntilRefused(old)).toBeLessThan(1_000);
    expect(await everywhere(next.reveal())).toEqual([200, 200, 200]);
  });

  it.each([
    ['disabled', (id: string) => registry.update(OPERATOR, id, { disabled: true })],
    ['deleted', (id: string) => registry.delete(OPERATOR, id)],
  ])('of a client that was %s is refused everywhere within a second', async (_name, act) => {
    const { id, key } = await gatehouse.createClient();
    expect(await everywhere(key)).toEqual([200, 200, 200]);

    await act(id);

    expect(await timeUntilRefused(key)).toBeLessThan(1_000);
  });

  it.each([
    ['scope', { scopes: ['users:assert' as const] }, 403],
    ['tenant', { tenants: ['globex'] }, 404],
  ])('loses a %s everywhere within a second', async (_name, change, status) => {
    const { id, key } = await gatehouse.createClient();
    expect(await everywhere(key)).toEqual([200, 200, 200]);

    await registry.update(OPERATOR, id, change);

    const since = performance.now();
    await eventually(
      () => everywhere(key),
      (statuses) => statuses.every((given) => given === status),
      3_000,
      5,
    );
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it('is refused within a second also where nothing is heard of changes', async () => {
    const { id, key } = await gatehouse.createClient();
    const nowhere = new Secret('postgres://nobody@127.0.0.1:1/nothing');

    await withProcess(
      ({ database }) => ({ database: { ...database, directUrl: nowhere } }),
      async (caller) => {
        expect((await callWith(key, caller)).status).toBe(200);
        await registry.revokeKey(OPERATOR, id, keyId(key));
        const since = performance.now();

        await eventually(
          () => callWith(key, caller),
          ({ status }) => status === 401,
          3_000,
          5,
        );

        expect(performance.now() - since).toBeLessThan(1_000);
      },
    );
  });

  it('is refused from the moment it expires', async () => {
    const { id } = await gatehouse.createClient();
    const { key } = await registry.rotateKey(OPERATOR, id, new Date(Date.now() + 1_000));
    expect(await everywhere(key.reveal())).toEqual([200, 200, 200]);

    expect(await timeUntilRefused(key.reveal())).toBeLessThan(2_000);
  });

  it('is noted when it was used, once for many calls', async () => {
    const { key } = await gatehouse.createClient();
    const lastUse = async () =>
      (
        await gatehouse.database.superuser<{ last_used_at: Date | null }>(
          'select last_used_at from client_keys where id = $1',
          [keyId(key)],
        )
      )[0]?.last_used_at;

    await withProcess(
      () => ({}),
      async (caller) => {
        await Promise.all(Array.from({ length: 20 }, () => callWith(key, caller)));
        expect(await lastUse()).toBeNull();
      },
    );

    // A process that ends writes down what it still has in mind.
    expect(Date.now() - ((await lastUse())?.getTime() ?? 0)).toBeLessThan(10_000);
  });

  it('is nowhere in the database, nor is its secret', async () => {
    const rows = await gatehouse.database.superuser<{ row: string }>(
      `select to_jsonb(k)::text as row from client_keys k union all
       select to_jsonb(c)::text from clients c union all select to_jsonb(a)::text from audit_trail a`,
    );

    const all = rows.map(({ row }) => row).join('\n');
    expect(all).toContain(keyId(client.key));
    expect(all).not.toContain(client.key.slice(-43));
  });
});
