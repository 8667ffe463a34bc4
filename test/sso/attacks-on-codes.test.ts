import { describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { createTokenSealer } from '../../src/core/encryption.ts';
import { createSsoStore } from '../../src/sso/codes/store.ts';
import {
  auditRows,
  connect,
  exchange,
  grant,
  login,
  organizationOf,
  profileOf,
  REDIRECT_URI,
  sealerOf,
  signIn,
  TOKEN,
  type Exchanged,
  type LoginOptions,
} from '../support/sign-in.ts';
import {
  VERIFIER,
  gatehouse,
  client,
  other,
  connection,
  newKey,
  tampered,
  tokenRequests,
  expectPage,
  withReplica,
  withoutAudit,
  useSsoAttacks,
} from './attacks-setup.ts';

useSsoAttacks();

const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };

const registry = () => createClientRegistry(gatehouse.database.db);

const expectInvalidGrant = ({ status, body }: Exchanged): void => {
  expect([status, body.error]).toEqual([400, 'invalid_grant']);
};

describe('a code', () => {
  it('can be exchanged once', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    const answers = [];
    for (const url of gatehouse.urls)
      answers.push(await exchange(gatehouse, grant(client, code), { url }));

    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400]);
    expect(answers[1]?.body.error).toBe('invalid_grant');
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it('is exchanged once, and sent to WorkOS once, when 20 requests reach 3 replicas at the same time', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { code, upstreamCode } = await signIn(gatehouse, client);

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          exchange(gatehouse, grant(client, code), { url: gatehouse.urls[index % 3] ?? '' }),
        ),
      );

      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(19);
      for (const one of refused) expectInvalidGrant(one);
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
    }
  });

  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const payload = (upstreamCode = 'x') => ({
    code: upstreamCode,
    verifier: VERIFIER,
    client: client.id,
    redirectUri: REDIRECT_URI,
    selector: { organization: 'acme' },
  });

  it.each<[string, (code: string, upstreamCode: string) => string]>([
    ['that is WorkOS’s own', (_code, upstreamCode) => upstreamCode],
    ['that was tampered with', tampered],
    [
      'spelt in another way',
      (code) => code.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(code.slice(-1)) + 1] ?? ''),
    ],
    ['with a part more', (code) => `${code}.`],
    ['with a space', (code) => `${code} `],
    [
      'that a stranger sealed',
      (_code, upstream) => createTokenSealer([newKey()]).seal('code', payload(upstream), 600),
    ],
    [
      'that has expired',
      (_code, upstream) => sealerOf(gatehouse, -601).seal('code', payload(upstream), 600),
    ],
    [
      'that is a state',
      (_code, upstream) => sealerOf(gatehouse).seal('state', payload(upstream), 600),
    ],
    [
      'that is a cookie',
      (_code, upstream) => sealerOf(gatehouse).seal('flow', payload(upstream), 600),
    ],
    [
      'that is an access token',
      (_code, upstream) => sealerOf(gatehouse).seal('access', payload(upstream), 600),
    ],
    [
      'that is a logout token',
      (_code, upstream) => sealerOf(gatehouse).seal('logout', payload(upstream), 600),
    ],
  ])('%s is invalid_grant without a call to WorkOS', async (_what, forge) => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    const before = tokenRequests();

    expectInvalidGrant(await exchange(gatehouse, grant(client, forge(code, upstreamCode))));

    expect(tokenRequests()).toBe(before);
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it('of another client is invalid_grant, and stays valid for its own client', async () => {
    const { code } = await signIn(gatehouse, client);

    expectInvalidGrant(await exchange(gatehouse, grant(other, code)));

    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['another', VERIFIER.replace('d', 'e')],
    ['the challenge itself', CHALLENGE],
    ['short', VERIFIER.slice(1)],
    ['padded', `${VERIFIER}=`],
    ['with a line feed', `${VERIFIER}\n`],
    ['of 129 characters', 'v'.repeat(129)],
  ])(
    'whose verifier is %s is refused, and still good with the right one',
    async (_what, verifier) => {
      const { code, upstreamCode } = await signIn(gatehouse, client, { query: PKCE });

      const refused = await exchange(gatehouse, {
        ...grant(client, code),
        code_verifier: verifier,
      });

      expect(refused.status).toBe(400);
      expect(refused.body.error).toBe(
        (verifier ?? '').length > 128 ? 'invalid_request' : 'invalid_grant',
      );
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
      const right = { ...grant(client, code), code_verifier: VERIFIER };
      expect((await exchange(gatehouse, right)).status).toBe(200);
    },
  );

  it('without a challenge refuses a verifier, because that is a PKCE downgrade', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    expectInvalidGrant(
      await exchange(gatehouse, { ...grant(client, code), code_verifier: VERIFIER }),
    );
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
  });

  it.each<[string, () => Promise<LoginOptions>]>([
    [
      'a user of another tenant',
      async () => ({ user: { organization_id: await organizationOf(gatehouse, 'beta') } }),
    ],
    [
      'a user of an organization that is no tenant',
      () => Promise.resolve({ user: { organization_id: 'org_unknown' } }),
    ],
    ['a user of no organization', () => Promise.resolve({ user: { organization_id: null } })],
    [
      'a user of another connection',
      () =>
        Promise.resolve({
          query: { organization: undefined, connection },
          user: { connection_id: 'conn_other' },
        }),
    ],
    [
      'a user of another tenant with the right connection',
      () =>
        Promise.resolve({
          query: { organization: undefined, connection },
          user: { organization_id: 'org_unknown', connection_id: connection },
        }),
    ],
    [
      'a user of the other tenant’s with the same e-mail',
      async () => ({
        user: {
          organization_id: await organizationOf(gatehouse, 'beta'),
          email: 'ada@users.example.com',
        },
      }),
    ],
  ])(
    'whose profile is of %s is invalid_grant after one call, and stays spent',
    async (_what, options) => {
      const { code, upstreamCode } = await signIn(gatehouse, client, await options());

      const refused = await exchange(gatehouse, grant(client, code));

      expectInvalidGrant(refused);
      expect(JSON.stringify(refused.body)).not.toMatch(/@|org_|prof_/);
      expectInvalidGrant(await exchange(gatehouse, grant(client, code)));
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
      const rows = await auditRows(gatehouse, refused.headers.get('x-request-id'));
      expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'refused']);
    },
  );

  it('of a connection of a tenant that is not the client’s is invalid_grant', async () => {
    const limited = await gatehouse.createClient({
      redirectUris: [REDIRECT_URI],
      tenants: ['beta'],
    });
    const { code, upstreamCode } = await signIn(gatehouse, limited, {
      query: { organization: undefined, connection },
    });

    expectInvalidGrant(await exchange(gatehouse, grant(limited, code)));
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it('of a tenant suspended since the login began is invalid_grant without a call', async () => {
    await gatehouse.provision('paused');
    await connect(gatehouse, 'paused');
    const { code, upstreamCode } = await signIn(gatehouse, client, {
      query: { organization: 'paused' },
    });
    await gatehouse.as(client).patch('/v1/tenants/paused').send({ status: 'suspended' });

    for (const url of gatehouse.urls)
      expectInvalidGrant(await exchange(gatehouse, grant(client, code), { url }));
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
  });

  it.each([
    ['the tenant', { tenants: ['beta'] }, 'invalid_grant'],
    ['sso:login', { scopes: [] }, 'unauthorized_client'],
  ])(
    'of a client that lost %s meanwhile is refused, without a call',
    async (_what, change, error) => {
      const changing = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
      const { code, upstreamCode } = await signIn(gatehouse, changing);
      await registry().update(operator('test'), changing.id, change);

      const { status, body } = await exchange(gatehouse, grant(changing, code));

      expect([status, body.error]).toEqual([400, error]);
      expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    },
  );

  it.each<[string, Fault]>([
    ['before WorkOS did anything', { kind: 'reset', when: 'before-headers' }],
    ['in the middle of the answer', { kind: 'reset', when: 'after-headers' }],
    ['after it had its effect', { kind: 'after-effect-reset' }],
  ])('whose exchange broke off %s is sent to WorkOS only once', async (_when, fault) => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    gatehouse.workos.fault(TOKEN, fault, { times: 1 });

    const broken = await exchange(gatehouse, grant(client, code));

    expect([broken.status, broken.body.error]).toEqual([502, 'server_error']);
    for (const url of gatehouse.urls)
      expectInvalidGrant(await exchange(gatehouse, grant(client, code), { url }));
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
    const rows = await auditRows(gatehouse, broken.headers.get('x-request-id'));
    expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'failed']);
  });

  it('is not sent to WorkOS while the audit trail cannot be written, and stays valid', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    await withoutAudit(async () => {
      const { status, headers, body } = await exchange(gatehouse, grant(client, code));
      expect([status, body.error]).toEqual([503, 'temporarily_unavailable']);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    });

    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it('is remembered as spent until every copy of it has expired, and then deleted', async () => {
    const { superuser, db } = gatehouse.database;
    const { code } = await signIn(gatehouse, client);
    await superuser('delete from spent_codes');
    await exchange(gatehouse, grant(client, code));
    const minutesLeft = async () =>
      (
        await superuser<{ minutes: number }>(
          'select extract(epoch from expires_at - now())::float / 60 as minutes from spent_codes',
        )
      ).map(({ minutes }) => minutes);

    await createSsoStore(db).prune();
    const [kept = 0] = await minutesLeft();
    await superuser(`update spent_codes set expires_at = now() - interval '1 second'`);
    await createSsoStore(db).prune();

    // A magic link is valid for a day, its state for 10 minutes more, and the code after it for another 10.
    expect(kept).toBeGreaterThan(24 * 60 + 20);
    expect(await minutesLeft()).toEqual([]);
  });
});

describe('an access token', () => {
  it.each<[string, (token: string, code: string, upstreamCode: string) => string]>([
    ['that is a code', (_token, code) => code],
    ['that is WorkOS’s code', (_token, _code, upstreamCode) => upstreamCode],
    [
      'that is WorkOS’s own',
      (token) => sealerOf(gatehouse).open<{ token: string }>('access', token)?.token ?? '',
    ],
    ['that was tampered with', tampered],
    [
      'that has expired',
      () =>
        sealerOf(gatehouse, -601).seal(
          'access',
          { token: 'x', client: client.id, tenant: 'acme' },
          600,
        ),
    ],
    [
      'of a client that is gone',
      () => sealerOf(gatehouse).seal('access', { token: 'x', client: 'gone', tenant: 'acme' }, 600),
    ],
    [
      'that is a state',
      () =>
        sealerOf(gatehouse).seal('state', { token: 'x', client: client.id, tenant: 'acme' }, 600),
    ],
  ])('%s is refused without a call to WorkOS', async (_what, forge) => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    const { body } = await exchange(gatehouse, grant(client, code));
    const before = gatehouse.workos.requests.length;

    const { status } = await profileOf(
      gatehouse,
      forge(String(body.access_token), code, upstreamCode),
    );

    expect(status).toBe(401);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('does not contain WorkOS’s token in clear', async () => {
    const { code } = await signIn(gatehouse, client);
    const { body } = await exchange(gatehouse, grant(client, code));
    const text = JSON.stringify(body);
    const tokens = [...gatehouse.workos.state.accessTokens.values()].map(({ token }) => token);

    expect(tokens).not.toEqual([]);
    for (const token of tokens) expect(text).not.toContain(token);
  });
});

describe('key rotation', () => {
  it('breaks no login in progress, and a removed key decrypts nothing', async () => {
    const [next] = [newKey()];
    const { browser, back } = await login(gatehouse, client);
    const finished = await signIn(gatehouse, client);

    await withReplica({ keys: [next] }, async (url) => {
      expectPage(await browser.get(back, { url }), 400, 'This sign-in is no longer valid');
      expectInvalidGrant(await exchange(gatehouse, grant(client, finished.code), { url }));
    });
    await withReplica({ keys: [next, ...gatehouse.config.keys] }, async (url) => {
      const { location } = await browser.get(back, { url });
      const code = location?.searchParams.get('code') ?? '';

      expect(createTokenSealer([next]).open('code', code)).toBeDefined();
      expect((await exchange(gatehouse, grant(client, code), { url })).status).toBe(200);
      expect((await exchange(gatehouse, grant(client, finished.code), { url })).status).toBe(200);
    });
  });
});
