import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { startGatehouse, type Gatehouse } from '../../src/process/gateway.ts';
import { Secret } from '../../src/core/secret.ts';
import { createSealer, type SealedKind } from '../../src/core/encryption.ts';
import { createSsoStore } from '../../src/sso/codes/store.ts';
import { createCaller } from '../support/calls.ts';
import { ENCODINGS, HOSTILE_URLS } from '../support/hostile-urls.ts';
import {
  auditRows,
  authorizePath,
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  organizationOf,
  profileOf,
  REDIRECT_URI,
  sealerOf,
  signIn,
  TOKEN,
  type Browser,
  type Exchanged,
  type LoginOptions,
  type Page,
} from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };

let gatehouse: TestApp;
let client: TestClient;
let other: TestClient;
/** Where logins begin that an identity provider starts. */
let frontDoor: TestClient;
let connection: string;

beforeAll(async () => {
  gatehouse = await startTestApp({
    replicas: 3,
    env: {
      GATEHOUSE_KEYS: newKey().reveal(),
      DEFAULT_SIGN_IN_CLIENT: 'front-door',
      TRUST_PROXY: '127.0.0.1/32',
    },
  });
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  other = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  frontDoor = await gatehouse.createClient({
    id: 'front-door',
    redirectUris: [REDIRECT_URI],
    initiateLoginUri: 'https://app.example.com/login?via=sso',
  });
  for (const tenant of ['acme', 'beta', 'gamma']) await gatehouse.provision(tenant);
  connection = await connect(gatehouse, 'acme');
  await connect(gatehouse, 'beta');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

function newKey(): Secret {
  return new Secret(randomBytes(32).toString('base64'));
}
const registry = () => createClientRegistry(gatehouse.database.db);
const tokenRequests = () => gatehouse.workos.requestsTo(TOKEN).length;
const expectPage = (page: Page, status: number, heading: string): void => {
  expect(page.status).toBe(status);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.location).toBeUndefined();
  expect(page.setCookie).toEqual([]);
  expect(page.text).toContain(`<h1>${heading}</h1>`);
};
const expectInvalidGrant = ({ status, body }: Exchanged): void => {
  expect([status, body.error]).toEqual([400, 'invalid_grant']);
};
/** Runs another gatehouse on the same database, with other settings. */
const withReplica = async (
  change: Partial<TestApp['config']>,
  use: (url: string) => Promise<void>,
): Promise<void> => {
  const replica: Gatehouse = await startGatehouse(
    { ...gatehouse.config, ...change },
    pino({ level: 'silent' }),
  );
  try {
    await replica.ready;
    await use(`http://127.0.0.1:${replica.port}`);
  } finally {
    await replica.stop();
  }
};
/** Refuses new rows of the audit trail as long as `during` takes. */
const withoutAudit = async (during: () => Promise<void>): Promise<void> => {
  const { superuser } = gatehouse.database;
  await superuser(`
    create function refuse_row() returns trigger language plpgsql as
      $$ begin raise exception 'refused' using errcode = '53100'; end $$;
    create trigger refuse_row before insert on audit_trail for each row
      execute function refuse_row();`);
  try {
    await during();
  } finally {
    await superuser('drop function refuse_row cascade');
  }
};

describe('a redirect URI that is not registered', () => {
  const { origin } = new URL(REDIRECT_URI);
  const NEAR = [
    `${REDIRECT_URI}/`,
    `${REDIRECT_URI}?`,
    `${REDIRECT_URI}?x=1`,
    `${REDIRECT_URI}#`,
    `${REDIRECT_URI}#x`,
    `${REDIRECT_URI}&x`,
    `${REDIRECT_URI};x`,
    `${REDIRECT_URI}%20`,
    `${REDIRECT_URI} `,
    `${REDIRECT_URI}\0`,
    `${REDIRECT_URI}/..`,
    `${REDIRECT_URI}/../callback`,
    `${origin}//callback`,
    `${origin}/./callback`,
    `${origin}/x/../callback`,
    `${origin}/Callback`,
    `${origin}/CALLBACK`,
    `${origin}/%63allback`,
    `${origin}/callbac`,
    `${origin}/callback2`,
    `${origin}/callback.evil.example`,
    `${origin}\\callback`,
    `${origin}/callback\\`,
    `${origin}:443/callback`,
    `${origin}:8443/callback`,
    `${origin}.:443/callback`,
    `${origin}./callback`,
    `${origin}@evil.example/callback`,
    'https://APP.example.com/callback',
    'HTTPS://app.example.com/callback',
    'http://app.example.com/callback',
    'https://evil@app.example.com/callback',
    'https://@app.example.com/callback',
    'https://app.example.com.evil.example/callback',
    'https://sub.app.example.com/callback',
    'https://example.com/callback',
    'https://app.example.com%2fcallback',
    'https://app.example.com/callback,https://evil.example',
    'https://app.example.com/callback https://evil.example',
    'https://evil.example/?https://app.example.com/callback',
    'https://evil.example/#https://app.example.com/callback',
    'https:app.example.com/callback',
    '//app.example.com/callback',
    '/callback',
    'app.example.com/callback',
    'com.example.app:/callback',
    'urn:ietf:wg:oauth:2.0:oob',
    'https://gatehouse.example.com/sso/callback',
    'https://app.example.com/cаllback',
    'https://app.example.com/*',
    'https://*.example.com/callback',
  ];
  const written: [string, string][] = [...HOSTILE_URLS, ...NEAR].flatMap((url) => [
    ...ENCODINGS.slice(1).map(([how, encode]): [string, string] => [`${how}: ${url}`, encode(url)]),
    ...(/^[\x21-\x7e]*$/.test(url) ? [[`raw: ${url}`, url] as [string, string]] : []),
  ]);
  /** What is left once the query is read is not the registered one. */
  const hostile = written.filter(
    ([, text]) => new URLSearchParams(`u=${text}`).get('u') !== REDIRECT_URI,
  );

  it('is never redirected to, however it is written, and never shown', async () => {
    const caller = createCaller(gatehouse.url, 4);
    const followed: string[] = [];
    const [before] = [gatehouse.workos.requests.length];

    for (const [name, text] of hostile) {
      // Fragments end a URL: what a browser would not send is not sent.
      const path = `/sso/authorize?client_id=${client.id}&response_type=code&organization=acme&state=s&redirect_uri=${text.replace('#', '%23')}`;
      const { status, headers, text: page } = await caller.send({ method: 'get', path });
      const isPage = status === 400 || status === 422;
      const shown = page.includes('evil.example') || headers['set-cookie'] !== undefined;
      if (!isPage || headers.location !== undefined || shown) followed.push(`${status} ${name}`);
    }
    await caller.close();

    expect(hostile.length).toBeGreaterThan(300);
    expect(followed).toEqual([]);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('is no part of an authorization URL', async () => {
    const caller = createCaller(gatehouse.url, 4);
    const accepted: string[] = [];

    for (const redirect_uri of [...HOSTILE_URLS, ...NEAR]) {
      const { status } = await caller.send({
        method: 'post',
        path: '/v1/sso/authorization-urls',
        headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uri, organization: 'acme' }),
      });
      if (status !== 400 && status !== 422) accepted.push(`${status} ${redirect_uri}`);
    }
    await caller.close();

    expect(accepted).toEqual([]);
  });
});

describe('a state', () => {
  /** The name and value of the one cookie. */
  const cookieOf = ({ cookies }: Browser): [string, string] => [...cookies][0] ?? ['', ''];
  const flowOf = (browser: Browser): string => cookieOf(browser)[0].slice(-22);
  const stateWith = (
    browser: Browser,
    seal: typeof sealerOf,
    offset = 0,
    kind: SealedKind = 'state',
  ) =>
    seal(gatehouse, offset).seal(
      kind,
      {
        flow: flowOf(browser),
        client: client.id,
        redirectUri: REDIRECT_URI,
        selector: { organization: 'acme' },
      },
      600,
    );
  const stranger = () => createSealer([newKey()]);

  it.each<[string, (at: { browser: Browser; back: URL }) => void | Promise<void>]>([
    ['in a browser that began nothing', ({ browser }) => browser.cookies.clear()],
    [
      'in the browser of another login',
      async ({ browser }) => {
        browser.cookies.clear();
        await login(gatehouse, client, { browser });
      },
    ],
    [
      'with the cookie of another login under its own name',
      async ({ browser }) => {
        const another = await login(gatehouse, client);
        browser.cookies.set(cookieOf(browser)[0], cookieOf(another.browser)[1]);
      },
    ],
    [
      'with a cookie that a subdomain planted',
      ({ browser }) => {
        const [name, value] = cookieOf(browser);
        browser.cookies.clear();
        browser.cookies.set(name.replace('__Host-', ''), value);
        browser.cookies.set(name.replace('__Host-', '__Secure-'), value);
        browser.cookies.set(name.replace('__Host-', '__host-'), value);
      },
    ],
    [
      'with a cookie of text',
      ({ browser }) => browser.cookies.set(cookieOf(browser)[0], 'a.b.c') as unknown as undefined,
    ],
    [
      'with a cookie that has expired',
      ({ browser }) => {
        const secret = { flow: flowOf(browser), verifier: VERIFIER };
        browser.cookies.set(
          cookieOf(browser)[0],
          sealerOf(gatehouse, -601).seal('flow', secret, 600),
        );
      },
    ],
    [
      'with a cookie that a stranger sealed',
      ({ browser }) => {
        const secret = { flow: flowOf(browser), verifier: VERIFIER };
        browser.cookies.set(cookieOf(browser)[0], stranger().seal('flow', secret, 600));
      },
    ],
    [
      'that has expired',
      ({ browser, back }) => back.searchParams.set('state', stateWith(browser, sealerOf, -601)),
    ],
    [
      'of the future',
      ({ browser, back }) => back.searchParams.set('state', stateWith(browser, sealerOf, 180)),
    ],
    [
      'that a stranger sealed',
      ({ browser, back }) => back.searchParams.set('state', stateWith(browser, stranger)),
    ],
    [
      'that is a code',
      ({ browser, back }) =>
        back.searchParams.set('state', stateWith(browser, sealerOf, 0, 'code')),
    ],
    [
      'that is the cookie',
      ({ browser, back }) => back.searchParams.set('state', cookieOf(browser)[1]),
    ],
    [
      'that is an access token',
      ({ browser, back }) =>
        back.searchParams.set('state', stateWith(browser, sealerOf, 0, 'access')),
    ],
    [
      'that was tampered with',
      ({ back }) =>
        back.searchParams.set('state', (back.searchParams.get('state') ?? '').slice(0, -2) + 'AA'),
    ],
    ['that is the sibling’s own', ({ back }) => back.searchParams.set('state', 'st-1')],
    ['that is empty', ({ back }) => back.searchParams.set('state', '')],
    ['of 12 KB', ({ back }) => back.searchParams.set('state', 'a'.repeat(12_000))],
    [
      'beside an error',
      ({ browser, back }) => {
        browser.cookies.clear();
        back.searchParams.set('error', 'idp_initiated_sso_disabled');
        back.searchParams.set(
          'organization_id',
          [...gatehouse.workos.organizations.keys()][0] ?? '',
        );
      },
    ],
  ])('%s is a page, followed nowhere, and WorkOS hears nothing', async (_what, attack) => {
    const { browser, back } = await login(gatehouse, client, { query: { state: 'st-1' } });
    await attack({ browser, back });
    const before = gatehouse.workos.requests.length;

    const page = await browser.get(back);

    expectPage(page, 400, 'This sign-in is no longer valid');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('that comes twice is a page', async () => {
    const { browser, back } = await login(gatehouse, client);
    back.searchParams.append('state', back.searchParams.get('state') ?? '');

    expect(await browser.get(back)).toMatchObject({ status: 422, location: undefined });
  });

  it('is spent by the first callback', async () => {
    const { browser, back } = await login(gatehouse, client);
    await browser.get(back);

    expectPage(await browser.get(back), 400, 'This sign-in is no longer valid');
  });

  it('replayed with a cookie that was kept makes no second exchange', async () => {
    const { browser, back, upstreamCode } = await login(gatehouse, client);
    const kept = new Map(browser.cookies);
    const codes: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      for (const [name, value] of kept) browser.cookies.set(name, value);
      codes.push((await browser.get(back)).location?.searchParams.get('code') ?? '');
    }

    const answers = [];
    for (const code of codes) answers.push(await exchange(gatehouse, grant(client, code)));

    expect(new Set(codes).size).toBe(3);
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400]);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });
});

describe('a code', () => {
  it('is good once', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    const answers = [];
    for (const url of gatehouse.urls)
      answers.push(await exchange(gatehouse, grant(client, code), { url }));

    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400]);
    expect(answers[1]?.body.error).toBe('invalid_grant');
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it('sent 20 times at once to 3 replicas is good once, and goes to WorkOS once', async () => {
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
    ['that was tampered with', (code) => `${code.slice(0, -2)}AA`],
    [
      'spelt in another way',
      (code) => code.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(code.slice(-1)) + 1] ?? ''),
    ],
    ['with a part more', (code) => `${code}.`],
    ['with a space', (code) => `${code} `],
    [
      'that a stranger sealed',
      (_code, upstream) => createSealer([newKey()]).seal('code', payload(upstream), 600),
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
  ])('%s is invalid_grant and WorkOS hears nothing', async (_what, forge) => {
    const { code, upstreamCode } = await signIn(gatehouse, client);
    const before = tokenRequests();

    expectInvalidGrant(await exchange(gatehouse, grant(client, forge(code, upstreamCode))));

    expect(tokenRequests()).toBe(before);
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it('of another client is invalid_grant, and still good for its own', async () => {
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

  it('without challenge takes no verifier: that would be a downgrade', async () => {
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
  ])('that proves %s is invalid_grant after one call, and for good', async (_what, options) => {
    const { code, upstreamCode } = await signIn(gatehouse, client, await options());

    const refused = await exchange(gatehouse, grant(client, code));

    expectInvalidGrant(refused);
    expect(JSON.stringify(refused.body)).not.toMatch(/@|org_|prof_/);
    expectInvalidGrant(await exchange(gatehouse, grant(client, code)));
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
    const rows = await auditRows(gatehouse, refused.headers.get('x-request-id'));
    expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'refused']);
  });

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

  it('of a tenant that was suspended meanwhile is invalid_grant, without a call', async () => {
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
  ])('whose exchange broke off %s goes to WorkOS once in all', async (_when, fault) => {
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

  it('does not go to WorkOS while the audit trail cannot be written, and is good after it', async () => {
    const { code, upstreamCode } = await signIn(gatehouse, client);

    await withoutAudit(async () => {
      const { status, headers, body } = await exchange(gatehouse, grant(client, code));
      expect([status, body.error]).toEqual([503, 'temporarily_unavailable']);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    });

    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    expect((await exchange(gatehouse, grant(client, code))).status).toBe(200);
  });

  it('is remembered as spent until no copy of it could be good any more, and then forgotten', async () => {
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

    // A magic link is good for a day, its state for 10 minutes more, and the code after it for another 10.
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
    ['that was tampered with', (token) => `${token.slice(0, -2)}AA`],
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
  ])('%s is refused, and WorkOS hears nothing', async (_what, forge) => {
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

  it('does not show WorkOS’s', async () => {
    const { code } = await signIn(gatehouse, client);
    const { body } = await exchange(gatehouse, grant(client, code));
    const text = JSON.stringify(body);

    for (const { token } of gatehouse.workos.state.accessTokens.values())
      expect(text).not.toContain(token);
  });
});

describe('keys that rotate', () => {
  it('break no login in flight, and a key that is gone opens nothing', async () => {
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

      expect(createSealer([next]).open('code', code)).toBeDefined();
      expect((await exchange(gatehouse, grant(client, code), { url })).status).toBe(200);
      expect((await exchange(gatehouse, grant(client, finished.code), { url })).status).toBe(200);
    });
  });
});

describe('a login that the identity provider began', () => {
  let addresses = 0;
  const CALLBACK = 'https://gatehouse.example.com/sso/callback';
  const NOT_HERE = 'Please sign in from your product';
  const arrive = (back: URL, browser = createBrowser(gatehouse), address = newAddress()) =>
    browser.get(back, { headers: { 'x-forwarded-for': address } });
  /** Everybody comes from somewhere else, but for those who are to meet the limit. */
  function newAddress(): string {
    addresses += 1;
    return `198.51.100.${addresses}`;
  }
  const begin = async (tenantId = 'acme', error?: string) => {
    const organizationId = await organizationOf(gatehouse, tenantId);
    const [found] = [...gatehouse.workos.state.connections.values()].filter(
      ({ organization_id }) => organization_id === organizationId,
    );
    return gatehouse.workos.idpInitiated(found?.id ?? '', CALLBACK, undefined, error);
  };
  const setTenant = (tenantId: string, change: object) =>
    gatehouse.as(client).patch(`/v1/tenants/${tenantId}`).send(change);

  it('goes to where a proper one begins, with iss and tenant, and without the user', async () => {
    const back = await begin();

    const page = await arrive(back);

    expect(page.status).toBe(302);
    expect(page.location?.href).toBe(
      'https://app.example.com/login?via=sso&iss=https%3A%2F%2Fgatehouse.example.com&tenant=acme',
    );
    expect(page.text).toBe('');
    expect(page.setCookie).toEqual([
      '__Host-gatehouse-bounced=1; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(1);
    const row = { operation: 'callbackSso', client_id: null, user_id: null, details: {} };
    expect(await auditRows(gatehouse, page.headers.get('x-request-id'))).toEqual([
      { ...row, outcome: 'attempted', tenant_id: null },
      { ...row, outcome: 'refused', tenant_id: 'acme' },
    ]);
    expect(
      await gatehouse.database.superuser('select 1 from sign_ins where client_id = $1', [
        frontDoor.id,
      ]),
    ).toEqual([]);
  });

  it('ends in a proper login, which its cookie does not hinder', async () => {
    const browser = createBrowser(gatehouse);
    const { location } = await arrive(await begin(), browser);

    const { code } = await signIn(gatehouse, frontDoor, {
      browser,
      query: { organization: location?.searchParams.get('tenant') ?? '' },
    });

    expect((await exchange(gatehouse, grant(frontDoor, code))).status).toBe(200);
  });

  it('goes to the client that the tenant names', async () => {
    const own = await gatehouse.createClient({ initiateLoginUri: 'https://beta.example/login' });
    await setTenant('beta', { sign_in_client_id: own.id });

    const { location } = await arrive(await begin('beta'));

    expect(location?.href).toBe(
      'https://beta.example/login?iss=https%3A%2F%2Fgatehouse.example.com&tenant=beta',
    );
  });

  it('comes to a page the second time within a minute, without a call', async () => {
    const browser = createBrowser(gatehouse);
    await arrive(await begin(), browser);
    const before = tokenRequests();

    expectPage(await arrive(await begin(), browser), 404, NOT_HERE);
    expectPage(
      await arrive(await begin('acme', 'idp_initiated_sso_disabled'), browser),
      404,
      NOT_HERE,
    );
    expect(tokenRequests()).toBe(before);
  });

  it('is not hindered by a cookie that a subdomain planted', async () => {
    const browser = createBrowser(gatehouse);
    browser.cookies.set('gatehouse-bounced', '1');

    expect((await arrive(await begin(), browser)).status).toBe(302);
  });

  it('that WorkOS refused as such goes there without a call', async () => {
    const before = gatehouse.workos.requests.length;

    const page = await arrive(await begin('acme', 'idp_initiated_sso_disabled'));

    expect(page.location?.searchParams.get('tenant')).toBe('acme');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it.each([
    ['another error', 'error=access_denied&organization_id=ORG'],
    ['another error and a code', 'error=access_denied&code=x'],
    ['an unknown organization', 'error=idp_initiated_sso_disabled&organization_id=org_x'],
    ['no organization', 'error=idp_initiated_sso_disabled'],
    ['a tenant for an organization', 'error=idp_initiated_sso_disabled&organization_id=acme'],
    ['an organization with NUL', 'error=idp_initiated_sso_disabled&organization_id=org_%00'],
    ['neither code nor error', ''],
    ['an empty code', 'code='],
    ['only text', 'x=y'],
  ])('with %s is a page, without a call', async (_what, query) => {
    const organization = await organizationOf(gatehouse, 'acme');
    const before = gatehouse.workos.requests.length;

    const page = await arrive(new URL(`${CALLBACK}?${query.replace('ORG', organization)}`));

    expectPage(page, 404, NOT_HERE);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('with a code that WorkOS does not know is a page', async () => {
    const page = await arrive(new URL(`${CALLBACK}?code=unknown`));

    expectPage(page, 404, NOT_HERE);
    expect(gatehouse.workos.tokenCalls('unknown')).toBe(1);
    const rows = await auditRows(gatehouse, page.headers.get('x-request-id'));
    expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'refused']);
  });

  it('spends its code once, whoever comes with it', async () => {
    const back = await begin();
    await arrive(back);

    expectPage(await arrive(back), 404, NOT_HERE);
    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(1);
  });

  it('cannot be made of a login in flight: its code is bound to that browser’s verifier', async () => {
    const { back, upstreamCode } = await login(gatehouse, client);
    back.searchParams.delete('state');

    expectPage(await arrive(back), 404, NOT_HERE);
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  });

  it.each<[string, object]>([
    ['lacks sso:login', { scopes: ['tenants:read'] }],
    ['lacks the tenant', { tenants: ['acme'] }],
    ['is disabled', { disabled: true }],
    ['has no initiate_login_uri', { initiateLoginUri: null }],
  ])('is a page where the client %s', async (_what, fields) => {
    const unfit = await gatehouse.createClient({
      initiateLoginUri: 'https://unfit.example/login',
      ...fields,
    });
    await setTenant('beta', { sign_in_client_id: unfit.id });

    expectPage(await arrive(await begin('beta')), 404, NOT_HERE);
  });

  it('is a page where another client was registered later under the id that the tenant names', async () => {
    const addressed = { initiateLoginUri: 'https://old.example/login' };
    const old = await gatehouse.createClient(addressed);
    await setTenant('beta', { sign_in_client_id: old.id });
    expect((await arrive(await begin('beta'))).status).toBe(302);

    await createClientRegistry(gatehouse.database.db).delete(operator('test'), old.id);
    await gatehouse.createClient({ ...addressed, id: old.id });

    expectPage(await arrive(await begin('beta')), 404, NOT_HERE);
  });

  it('is open to a whole company behind one address', async () => {
    const address = newAddress();
    const people = await Promise.all(Array.from({ length: 40 }, () => begin()));

    const pages = await Promise.all(
      people.map((back) => arrive(back, createBrowser(gatehouse), address)),
    );

    expect(pages.map(({ status }) => status)).toEqual(Array<number>(40).fill(302));
  });

  it('is a page where neither the tenant nor the settings name a client', async () => {
    await withReplica({ defaultSignInClient: undefined }, async (url) => {
      const page = await createBrowser(gatehouse).get(await begin(), { url });

      expectPage(page, 404, NOT_HERE);
    });
  });

  it('is a page where the tenant is suspended', async () => {
    await setTenant('beta', { status: 'suspended' });

    expectPage(await arrive(await begin('beta')), 404, NOT_HERE);
    await setTenant('beta', { status: 'active' });
  });

  it('is a page where WorkOS fails, and goes to it once', async () => {
    const back = await begin();
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 500 }, { times: 1 });

    const page = await arrive(back);
    const again = await arrive(back);

    expect([page.status, again.status]).toEqual([502, 404]);
    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(1);
    const rows = await auditRows(gatehouse, page.headers.get('x-request-id'));
    expect(rows.map(({ outcome }) => outcome as string)).toEqual(['attempted', 'failed']);
  });

  it('does not go to WorkOS while the audit trail cannot be written', async () => {
    const back = await begin();

    await withoutAudit(async () => {
      expect((await arrive(back)).status).toBe(503);
    });

    expect(gatehouse.workos.tokenCalls(back.searchParams.get('code') ?? '')).toBe(0);
  });

  it('may come ten times a minute from one address, and others are not hindered', async () => {
    const address = newAddress();
    const pages: Page[] = [];
    for (let count = 0; count < 11; count += 1)
      pages.push(
        await arrive(new URL(`${CALLBACK}?code=flood-${count}`), createBrowser(gatehouse), address),
      );

    expect(pages.map(({ status }) => status)).toEqual([...Array<number>(10).fill(404), 429]);
    expect(pages.at(-1)?.headers.get('retry-after')).toBe('60');
    expect(pages.at(-1)?.text).toContain('<h1>Too many sign-ins at once</h1>');
    expect(gatehouse.workos.tokenCalls('flood-10')).toBe(0);
    expect((await arrive(await begin())).status).toBe(302);
  });
});

describe('a stranger', () => {
  it('learns nothing of tenants at authorizeSso without a registered redirect URI', async () => {
    const pages = await Promise.all(
      ['acme', 'no-such-tenant'].map((organization) =>
        createBrowser(gatehouse).get(
          authorizePath(client, { organization, redirect_uri: 'https://evil.example/' }),
        ),
      ),
    );
    const texts = pages.map(({ text, headers }) =>
      text.replaceAll(headers.get('x-request-id') ?? '', ''),
    );

    expect(texts[0]).toBe(texts[1]);
  });
});
