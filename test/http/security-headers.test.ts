import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import helmet from 'helmet';
import { listen, type HttpServer } from '../../src/http/server.ts';
import { API_HEADERS, DOCS_HEADERS, pageHeaders } from '../../src/http/security-headers.ts';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import { exchange } from '../support/raw.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { PUBLIC_URL } from '../support/problem-type.ts';

/** As helmet itself would be told. */
const OPTIONS = {
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  crossOriginOpenerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
} as const;
const CLOSED = {
  defaultSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};
/** What an answer has beside them. */
const OF_HTTP = ['date', 'connection', 'keep-alive', 'content-length', 'x-request-id'];

describe('the frozen headers', () => {
  let server: HttpServer;
  let caller: Caller;

  const KINDS = {
    api: { frozen: API_HEADERS, directives: CLOSED },
    page: {
      frozen: pageHeaders(['https://cdn.example'], ['https://setup.workos.com']),
      directives: {
        ...CLOSED,
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'https://cdn.example'],
        formAction: ["'self'", 'https://setup.workos.com'],
      },
    },
    docs: {
      frozen: DOCS_HEADERS,
      directives: {
        ...CLOSED,
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
      },
    },
  };

  beforeAll(async () => {
    const app = express();
    for (const [kind, { directives }] of Object.entries(KINDS)) {
      const live = helmet({
        ...OPTIONS,
        contentSecurityPolicy: { useDefaults: false, directives },
      });
      app.get(`/${kind}`, live, (_req, res) => {
        res.status(204).end();
      });
    }
    server = await listen(app, 0, '127.0.0.1', PUBLIC_URL);
    caller = createCaller(`http://127.0.0.1:${server.port}`);
  });

  afterAll(async () => {
    await caller.close();
    await server.close();
  });

  it.each(Object.entries(KINDS))('are what helmet writes live: %s', async (kind, { frozen }) => {
    const { headers } = await caller.send({ method: 'get', path: `/${kind}` });

    const live = Object.entries(headers).filter(([name]) => !OF_HTTP.includes(name));
    expect(frozen).toEqual({ ...Object.fromEntries(live), 'cache-control': 'no-store' });
    expect(Object.isFrozen(frozen)).toBe(true);
  });
});

describe('every kind of answer', () => {
  let gatehouse: TestApp;
  let caller: Caller;
  let client: TestClient;
  let headers: Record<string, string>;

  beforeAll(async () => {
    gatehouse = await startTestApp();
    caller = createCaller(gatehouse.url);
    client = await gatehouse.createClient();
    await gatehouse.provision('acme');
    headers = {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': await gatehouse.userToken(),
      'content-type': 'application/json',
    };
  });

  afterAll(async () => {
    await caller.close();
    await gatehouse.stop();
  });

  const launch = async (body: object = {}): Promise<string> => {
    const { json } = await caller.send({
      method: 'post',
      path: '/v1/portal-launches',
      headers,
      body: JSON.stringify({ tenant_id: 'acme', intent: 'sso', ...body }),
    });
    return new URL(String(json.url)).search;
  };
  const send = (method: string, path: string, body?: string): Promise<Answer> =>
    caller.send({ method, path, headers, body });

  /** Of nobody's business: what we are made of, and whether the answer changed. */
  const ABSENT = ['x-powered-by', 'server', 'etag', 'set-cookie', 'access-control-allow-origin'];

  function expectHeaders({ headers: given }: Pick<Answer, 'headers'>, expected: object): void {
    expect(given).toMatchObject({ ...expected, 'x-request-id': expect.stringMatching(/./) });
    for (const name of ABSENT) expect(given[name]).toBeUndefined();
  }

  const PROGRAMS: [string, number, () => Promise<Answer>][] = [
    ['an object', 200, () => send('get', '/v1/tenants/acme')],
    ['a list', 200, () => send('get', '/v1/tenants')],
    [
      'something new',
      201,
      () => send('put', '/v1/tenants/acme/it-admins/ada', '{"state":"granted"}'),
    ],
    ['nothing', 204, () => send('delete', '/v1/tenants/acme/it-admins/ada')],
    [
      'a link',
      201,
      () => send('post', '/portal/generate_link', '{"organization":"acme","intent":"sso"}'),
    ],
    ['what is malformed', 400, () => send('post', '/v1/portal-launches', '{')],
    ['a malformed path', 400, () => send('get', '/v1/tenants/%ff')],
    ['a stranger', 401, () => caller.send({ method: 'get', path: '/v1/tenants' })],
    ['an unknown tenant', 404, () => send('get', '/v1/tenants/nowhere')],
    ['an unknown path', 404, () => send('get', '/nothing')],
    ['a wrong method', 405, () => send('delete', '/v1/tenants')],
    ['HEAD', 200, () => send('head', '/v1/tenants')],
    ['too much', 413, () => send('post', '/v1/portal-launches', 'x'.repeat(70_000))],
    ['an invalid field', 422, () => send('post', '/v1/portal-launches', '{}')],
    ['what is not built', 501, () => send('get', '/fga/v1/check')],
    ['the door, on the way out', 303, async () => send('get', `/launch-portal${await launch()}`)],
  ];

  it.each(PROGRAMS)('has them all: %s', async (_name, status, ask) => {
    const answer = await ask();

    expect(answer.status).toBe(status);
    expectHeaders(answer, API_HEADERS);
  });

  it.each([
    ['a malformed request', 400, 'GARBAGE\r\n\r\n'],
    ['no host', 400, 'GET /v1/tenants HTTP/1.1\r\n\r\n'],
    ['a tunnel', 400, 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an expectation', 417, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n'],
    ['headers too large', 431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('has them all, also where no request was read: %s', async (_name, status, bytes) => {
    const answer = await exchange(gatehouse.url, bytes);

    expect(answer.statuses).toEqual([status]);
    expectHeaders(answer, API_HEADERS);
  });

  /** A page has a policy of its own, and all else like the rest. */
  const OF_A_PAGE = { ...API_HEADERS, 'content-security-policy': expect.any(String) };

  it.each([
    ['a refusal', 410, () => send('get', '/launch-portal?ticket=x')],
    [
      'a question',
      200,
      async () => send('get', `/launch-portal${await launch({ mode: 'confirm' })}`),
    ],
    ['a wrong method', 405, () => send('put', '/launch-portal')],
  ])('of a page has a policy of its own: %s', async (name, status, ask) => {
    const answer = await ask();
    const { 'set-cookie': cookie, ...headers } = answer.headers;

    expect(answer.status).toBe(status);
    expectHeaders({ headers }, OF_A_PAGE);
    // Only a page with a button sets a cookie, by which a second click of the same browser is known.
    expect(String(cookie)).toMatch(
      name === 'a question'
        ? /^__Host-gatehouse-browser=[\w-]{22}; Path=\/; HttpOnly; Secure; SameSite=Lax$/
        : /^undefined$/,
    );
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'self'[^;]*;style-src 'self';img-src 'self'$/,
    );
  });

  it.each([
    '/docs',
    '/docs/viewer.js',
    '/docs/viewer.css',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-bundle.js',
    '/openapi.json',
    '/openapi.yaml',
  ])('of the docs may be kept for a while: %s', async (path) => {
    const { etag, ...headers } = (await send('get', path)).headers;

    // The contract is the same for everybody: whoever has it need not load it again.
    expect(etag).toMatch(/^W\/"/);
    expectHeaders(
      { headers },
      { ...DOCS_HEADERS, 'cache-control': 'public, max-age=300', vary: 'Accept-Encoding' },
    );
  });

  it('of the pages’ stylesheet and icon may be kept for ever', async () => {
    const page = await send('get', '/launch-portal?ticket=x');
    const files = [...page.text.matchAll(/href="(\/[^"]+\.(?:css|svg))"/g)].map(([, file]) => file);

    expect(files).toHaveLength(2);
    for (const file of files)
      expectHeaders(await send('get', file ?? ''), {
        ...API_HEADERS,
        'cache-control': 'public, max-age=31536000',
      });
  });
});
