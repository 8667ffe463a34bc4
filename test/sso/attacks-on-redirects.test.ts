import { describe, expect, it } from '@jest/globals';
import { createTokenSealer, type TokenKind } from '../../src/core/encryption.ts';
import { createCaller } from '../support/http-caller.ts';
import { ENCODINGS, HOSTILE_URLS } from '../support/hostile-urls.ts';
import {
  exchange,
  grant,
  login,
  REDIRECT_URI,
  sealerOf,
  type Browser,
} from '../support/sign-in.ts';
import {
  VERIFIER,
  gatehouse,
  client,
  newKey,
  tampered,
  expectPage,
  useSsoAttacks,
} from './attacks-setup.ts';

useSsoAttacks();

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
  /** Leaves out spellings that parse to the registered redirect URI. */
  const hostile = written.filter(
    ([, text]) => new URLSearchParams(`u=${text}`).get('u') !== REDIRECT_URI,
  );

  it('is never redirected to or shown, in any spelling', async () => {
    const caller = createCaller(gatehouse.url, 4);
    const followed: string[] = [];
    const [before] = [gatehouse.workos.requests.length];

    for (const [name, text] of hostile) {
      // Browsers do not send fragments, so the `#` is encoded.
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

  it('is refused by createAuthorizationUrl', async () => {
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
  /** Returns the name and value of the only cookie. */
  const cookieOf = ({ cookies }: Browser): [string, string] => [...cookies][0] ?? ['', ''];
  const flowOf = (browser: Browser): string => cookieOf(browser)[0].slice(-22);
  const stateWith = (
    browser: Browser,
    seal: typeof sealerOf,
    offset = 0,
    kind: TokenKind = 'state',
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
  const stranger = () => createTokenSealer([newKey()]);

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
      ({ back }) => back.searchParams.set('state', tampered(back.searchParams.get('state') ?? '')),
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
  ])('%s shows a page, without a redirect or a call to WorkOS', async (_what, attack) => {
    const { browser, back } = await login(gatehouse, client, { query: { state: 'st-1' } });
    await attack({ browser, back });
    const before = gatehouse.workos.requests.length;

    const page = await browser.get(back);

    expectPage(page, 400, 'This sign-in is no longer valid');
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('that is given twice shows a page', async () => {
    const { browser, back } = await login(gatehouse, client);
    back.searchParams.append('state', back.searchParams.get('state') ?? '');

    expect(await browser.get(back)).toMatchObject({ status: 422, location: undefined });
  });

  it('is spent by the first callback', async () => {
    const { browser, back } = await login(gatehouse, client);
    await browser.get(back);

    expectPage(await browser.get(back), 400, 'This sign-in is no longer valid');
  });

  it('replayed with a saved cookie makes no second exchange', async () => {
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
