import { beforeAll, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { newLink, openConsole, runConsole, useLink } from '../support/console.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const app = useGatehouse({
  replicas: 2,
  env: { CONSOLE_URL: 'http://127.0.0.1:1' },
});
const stranger = (replica = 0) => supertest.agent(app.adminUrls[replica]);
const audited = () =>
  app.database.superuser<{ operation: string; user_id: string; details: Record<string, unknown> }>(
    `select operation, user_id, details from audit_trail order by id`,
  );
let link: string;
beforeAll(async () => {
  link = await newLink(app);
});

describe('a browser that is not signed in', () => {
  it.each(['', '/', '/tenants', '/audit.csv', '/sign-in', '/nothing'])(
    'gets no page but how to sign in: /console%s',
    async (path) => {
      const res = await stranger().get(`/console${path}`);

      expect(res.status).toBe(401);
      expect(res.text).toContain('gatehouse console');
    },
  );

  it('gets pages that no cache keeps, no site frames and no script runs in', async () => {
    const { headers } = await stranger().get('/console');

    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'self';style-src 'self';img-src 'self'",
    });
  });

  it.each(['evil.example', 'localhost.evil.example', 'evil.example:8081', 'localhost:80:80', ''])(
    'gets nothing at the host %p, which another site may own',
    async (host) => {
      const res = await stranger().get('/console').set('host', host);

      expect([400, 421]).toContain(res.status);
    },
  );

  it.each(['localhost', 'LOCALHOST:9000', '127.0.0.1:8081', '[::1]:8081', '10.1.2.3'])(
    'is answered at %s, where no other site can be',
    async (host) => {
      const res = await stranger().get('/console').set('host', host);

      expect(res.status).toBe(401);
    },
  );
});

describe('a sign-in link', () => {
  it('is not used up by being opened, however often', async () => {
    for (const path of [link, link, `${link}?preview=1`]) {
      const res = await stranger().get(path);
      expect(res.text).toContain('Sign in as ada');
    }
  });

  it('signs one of many browsers in, over all replicas, and then no other', async () => {
    const results = await Promise.all(
      [0, 1, 0, 1, 0].map((replica) => useLink(stranger(replica), link)),
    );

    expect(results.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410]);
    expect((await stranger().get(link)).status).toBe(410);
  });

  it('works no more after its time, or once it is revoked', async () => {
    const late = await newLink(app);
    await app.database.superuser(
      `update console_sessions set link_expires_at = now() - interval '1 s' where opened_at is null`,
    );
    const revoked = await newLink(app);
    await runConsole(app, 'revoke', '--all');

    for (const one of [late, revoked]) expect((await useLink(stranger(), one)).status).toBe(410);
  });

  it('is stored as a hash only, and neither it nor the cookie is in a log or the audit trail', async () => {
    const fresh = await newLink(app);
    const browser = stranger();
    const res = await useLink(browser, fresh);
    const secret = fresh.split('/').at(-1) ?? '';
    const [cookie = ''] = res.get('set-cookie') ?? [];
    const token = /=([^;]+)/.exec(cookie)?.[1] ?? '';
    const rows = await app.database.superuser(`select * from console_sessions`);
    const kept = JSON.stringify([rows, await audited(), app.logs]);

    expect(token).toMatch(/^[\w-]{43}$/);
    for (const text of [secret, token]) expect(kept).not.toContain(text);
    expect(cookie).toMatch(/; Max-Age=28800; Path=\/console; HttpOnly; SameSite=Lax$/);
  });

  it('is refused from another site’s form', async () => {
    const fresh = await newLink(app);

    const res = await stranger()
      .post('/console/sign-in')
      .set({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })
      .type('form')
      .send({ link: fresh.split('/').at(-1) });

    expect(res.status).toBe(403);
    expect((await useLink(stranger(), fresh)).status).toBe(303);
  });
});

describe('a session', () => {
  it('is good on every replica, and ends everywhere when the operator signs out', async () => {
    const ada = await openConsole(app);
    const elsewhere = () => stranger(1).get('/console').set('cookie', ada.cookie);
    expect((await elsewhere()).status).toBe(200);

    expect((await ada.post('/sign-out')).status).toBe(303);

    expect((await elsewhere()).status).toBe(401);
    expect((await ada.get('')).status).toBe(401);
  });

  it('is found behind other cookies of the same name', async () => {
    const { cookie } = await openConsole(app);
    const others = [`gatehouse_console=bad`, `gatehouse_console=${'x'.repeat(43)}`];

    const res = await stranger()
      .get('/console')
      .set('cookie', [...others, cookie].join('; '));

    expect(res.status).toBe(200);
  });

  it('is of no use to the scripts of another origin, but to links anywhere', async () => {
    const { browser } = await openConsole(app);
    const status = async (site: string, mode: string) =>
      (await browser.get('/console').set({ 'sec-fetch-site': site, 'sec-fetch-mode': mode }))
        .status;

    expect([await status('same-site', 'cors'), await status('cross-site', 'cors')]).toEqual([
      403, 403,
    ]);
    expect([await status('none', 'navigate'), await status('cross-site', 'navigate')]).toEqual([
      200, 200,
    ]);
  });

  it('ends after its time, and when it is revoked on the command line', async () => {
    const ada = await openConsole(app);
    const grace = await openConsole(app, 'grace');
    await app.database.superuser(
      `update console_sessions set expires_at = now() where operator = 'ada'`,
    );
    const { out } = await runConsole(app, 'sessions');
    const listed = (JSON.parse(out) as { data: { id: string; operator: string }[] }).data;
    expect(listed.map(({ operator }) => operator)).toEqual(['grace']);

    await runConsole(app, 'revoke', listed[0]?.id ?? '');

    expect((await ada.get('')).status).toBe(401);
    expect((await grace.get('')).status).toBe(401);
  });

  it('refuses forms without its own token, and those of another site', async () => {
    const ada = await openConsole(app);
    const sent = (headers: Record<string, string>, fields: Record<string, string>) =>
      ada.browser.post('/console/sign-out').set(headers).type('form').send(fields);

    const results = [
      await sent({ 'sec-fetch-site': 'same-origin' }, {}),
      await sent({ 'sec-fetch-site': 'same-origin' }, { form_token: 'x'.repeat(43) }),
      await sent({ 'sec-fetch-site': 'cross-site' }, {}),
      await sent({ origin: 'https://evil.example' }, {}),
    ];

    expect(results.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect((await ada.get('')).status).toBe(200);
  });

  it('records the link, the sign-in, every page and the sign-out, with the operator’s name', async () => {
    const before = (await audited()).length;
    const ada = await openConsole(app, 'ada@example.com');
    await ada.get('');
    await ada.get('/budget');
    await ada.post('/sign-out');

    const rows = (await audited()).slice(before);
    expect(
      rows.map(({ operation, details }) => [operation, details.page].filter(Boolean).join(' ')),
    ).toEqual([
      'console link',
      'console sign-in',
      'console look overview',
      'console look budget',
      'console look budget',
      'console sign-out',
    ]);
    expect(new Set(rows.slice(1).map(({ user_id }) => user_id))).toEqual(
      new Set(['console:ada@example.com']),
    );
  });
});

describe('gatehouse console', () => {
  it('leads to localhost, to CONSOLE_URL or to the given origin, and refuses one where the console does not answer', async () => {
    const at = async (...args: string[]) => {
      const { out, err } = await runConsole(app, ...args);
      return out === ''
        ? err.split('\n')[0]
        : new URL((JSON.parse(out) as { url: string }).url).origin;
    };

    expect(await at()).toBe('http://localhost:8081');
    expect(await at('--url', 'http://localhost:9000')).toBe('http://localhost:9000');
    expect(await at('--url', 'https://evil.example')).toMatch(
      /set CONSOLE_URL=https:\/\/evil\.example/,
    );
    expect(await at('--url', 'http://localhost:9000/console')).toMatch(/must be an origin/);
    expect(await at('--as', 'two words')).toMatch(/--as must be/);
  });
});
