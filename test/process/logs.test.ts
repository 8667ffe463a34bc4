import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCaller, type Answer, type Call, type Caller } from '../support/http-caller.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import { exchange } from '../support/raw.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

let gatehouse: TestApp;
let caller: Caller;
let client: TestClient;
let admin: string;

beforeAll(async () => {
  // With a trusted proxy, what X-Forwarded-For says is read too.
  gatehouse = await startTestApp({ env: { TRUST_PROXY: '127.0.0.1/32' } });
  caller = createCaller(gatehouse.url);
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

type Line = Readonly<Record<string, unknown>>;

const lines = (): Line[] => gatehouse.logs.map((line) => JSON.parse(line) as Line);

/** The line of a request; it is written when the answer has gone out. */
async function lineOf(requestId: string): Promise<Line> {
  const [line] = await waitForAnswer(
    () => Promise.resolve(lines().filter(({ request_id: id }) => id === requestId)),
    (found) => found.length > 0,
  );
  return line ?? {};
}

const bearer = () => ({ authorization: `Bearer ${client.key}`, 'gatehouse-user-token': admin });
const send = (call: Partial<Call> & Pick<Call, 'path'>): Promise<Answer> =>
  caller.send({ method: 'get', headers: bearer(), ...call });

/** What would begin a line, end one, or change a terminal. */
const INJECTIONS = [
  '\r\n{"level":"info","msg":"forged"}',
  '\n{"level":"error"}',
  '","level":"error","forged":"',
  '"}\n{"forged":true',
  '\u001b[2J\u001b[31mforged',
  '\u009b31mforged',
  '\u2028forged',
  '\u2029{"forged":1}',
  '\\u000aforged',
  '\0forged',
  '\u0007\b\u007fforged',
  '%0d%0aforged',
  '{"forged":{"a":[1,2,3]}}',
  '%s%d%j%o forged',
  '${jndi:ldap://forged}',
  '<script>forged()</script>',
  '\u202eforged',
  'x'.repeat(9_000),
  '__proto__',
  '[object Object]',
];

/** Everywhere a caller may put text. */
const PLACES: Record<string, (text: string) => Partial<Call> & Pick<Call, 'path'>> = {
  'a path': (text) => ({ path: `/v1/tenants/${encodeURIComponent(text)}` }),
  'an unknown path': (text) => ({ path: `/${encodeURIComponent(text)}` }),
  'a query': (text) => ({ path: `/v1/tenants?status=${encodeURIComponent(text)}` }),
  'the name of a query': (text) => ({ path: `/v1/tenants?${encodeURIComponent(text)}=1` }),
  'a ticket': (text) => ({ path: `/launch-portal?ticket=${encodeURIComponent(text)}` }),
  'a field': (text) => ({
    method: 'put',
    path: '/v1/tenants/acme',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body: JSON.stringify({ name: text }),
  }),
  'the name of a field': (text) => ({
    method: 'put',
    path: '/v1/tenants/acme',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body: JSON.stringify({ [text]: 1 }),
  }),
  metadata: (text) => ({
    method: 'patch',
    path: '/v1/tenants/acme',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { [text]: text } }),
  }),
  'a user id': (text) => ({
    path: `/v1/tenants/acme/it-admins/${encodeURIComponent(text)}`,
    method: 'delete',
  }),
  'a body that is no JSON': (text) => ({
    method: 'post',
    path: '/v1/portal-launches',
    headers: { ...bearer(), 'content-type': 'application/json' },
    body: text,
  }),
};

/** In headers a client can send no control characters below 0x20; on the wire those end in a 400. */
const HEADERS = [
  'authorization',
  'gatehouse-user-token',
  'gatehouse-user-id',
  'gatehouse-user-roles',
  'idempotency-key',
  'x-request-id',
  'user-agent',
  'traceparent',
  'x-forwarded-for',
  'cookie',
];

const inHeader = (text: string): string =>
  Buffer.from(text.toWellFormed().slice(0, 2_000), 'utf8')
    .toString('latin1')
    .replaceAll(/(?![\t\u0080-\u009f])\p{Cc}/gu, '?');

describe('the log', () => {
  it.each([...Object.keys(PLACES), ...HEADERS])(
    'stays one JSON object per line with any content of %s',
    async (place) => {
      const before = gatehouse.logs.length;
      const calls = INJECTIONS.map(
        (text) =>
          PLACES[place]?.(text) ?? {
            path: '/v1/tenants',
            headers: { ...bearer(), [place]: inHeader(text) },
          },
      );

      const answers = await Promise.all(calls.map(send));

      await waitForAnswer(
        () => Promise.resolve(gatehouse.logs.length - before),
        (count) => count >= INJECTIONS.length,
      );
      const written = gatehouse.logs.slice(before);
      expect(written).toHaveLength(INJECTIONS.length);
      for (const line of written) {
        expect(line.endsWith('\n')).toBe(true);
        expect(line.trimEnd()).not.toMatch(/\p{Cc}|[\u2028\u2029\u202e]/u);
        expect(JSON.parse(line)).toMatchObject({ msg: 'request', method: expect.any(String) });
        expect(line).not.toContain('forged');
        expect(line.length).toBeLessThan(1_000);
      }
      // Nor is anything that could steer a terminal sent back, in whatever encoding.
      for (const { text } of answers) expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
    },
  );

  it('contains the fields that an operator needs', async () => {
    const { headers } = await send({
      path: '/v1/tenants/acme',
      headers: { ...bearer(), 'x-request-id': 'find-me.1_2-3' },
    });

    expect(headers['x-request-id']).toBe('find-me.1_2-3');
    expect(await lineOf('find-me.1_2-3')).toMatchObject({
      request_id: 'find-me.1_2-3',
      method: 'GET',
      route: '/v1/tenants/{tenant_id}',
      operation: 'getTenant',
      status: 200,
      client_id: client.id,
      tenant_id: 'acme',
      duration_ms: expect.any(Number),
    });
  });

  it('names no trace where there are none', async () => {
    await send({ path: '/v1/tenants/acme' });

    expect(lines().filter((line) => 'trace_id' in line)).toEqual([]);
  });

  it('contains the cause of a failure', async () => {
    const { headers, json } = await send({ path: '/v1/tenants/nowhere' });

    expect(await lineOf(String(headers['x-request-id']))).toMatchObject({
      status: 404,
      code: json.code,
    });
  });

  it.each([
    ['no header at all', {}, /^CredentialRefused The request has no Authorization header at /],
    ['another scheme', { authorization: 'Basic x' }, /the scheme Bearer at /],
    [
      'an unknown key',
      { authorization: `Bearer gh_${'a'.repeat(12)}_${'b'.repeat(43)}` },
      /^CredentialRefused the API key is unknown at /,
    ],
  ])('says why a client was not authenticated: %s', async (_title, headers, cause) => {
    const answer = await send({ path: '/v1/tenants', headers });

    expect(await lineOf(String(answer.headers['x-request-id']))).toMatchObject({
      status: 401,
      code: 'unauthenticated',
      cause: expect.stringMatching(cause),
    });
  });

  it('contains nothing of an unparsable body', async () => {
    const before = gatehouse.logs.length;
    await exchange(gatehouse.url, 'GET /canary\u001b HTTP/9.9\r\nX: canary\r\n\r\n');

    expect(gatehouse.logs.slice(before).join('')).not.toContain('canary');
  });

  it('contains no secret of a launch or of its failures', async () => {
    const json = { ...bearer(), 'content-type': 'application/json' };
    const launch = (body: object) =>
      send({
        method: 'post',
        path: '/v1/portal-launches',
        headers: { ...json, 'idempotency-key': `canary-key-${Math.random()}` },
        body: JSON.stringify({ tenant_id: 'acme', intent: 'sso', ...body }),
      });
    const ticketOf = ({ json: body }: Answer) =>
      new URL(String(body.url)).searchParams.get('ticket') ?? '';
    const open = (query: string) => caller.send({ method: 'get', path: `/launch-portal?${query}` });
    const seen: string[] = [client.key, client.key.slice(-43), admin, gatehouse.workos.apiKey];
    const follow = async (ticket: string) => {
      const door = await open(`ticket=${ticket}`);
      seen.push(ticket, ...String(door.headers.location ?? []).split('token='));
    };

    const tickets = (await Promise.all([launch({}), launch({ mode: 'confirm' }), launch({})])).map(
      ticketOf,
    );
    const { json: generated } = await send({
      method: 'post',
      path: '/portal/generate_link',
      headers: json,
      body: JSON.stringify({ organization: 'acme', intent: 'sso' }),
    });
    seen.push(String(generated.link), String(generated.link).split('token=')[1] ?? '');
    for (const ticket of tickets) await follow(ticket);
    await follow(tickets[0] ?? '');
    const faults = [
      { kind: 'truncated' as const },
      { kind: 'status' as const, status: 500, body: { message: 'canary-of-workos' } },
      { kind: 'content-type' as const, type: 'text/html', body: 'canary-of-workos' },
      { kind: 'link' as const, link: 'javascript:canary-of-workos' },
    ];
    for (const fault of faults) {
      gatehouse.workos.fault('POST /portal/generate_link', fault);
      await follow(ticketOf(await launch({})));
      gatehouse.workos.clearFaults();
    }
    await open('code=canary-code&state=canary-state&ticket=canary-ticket');
    await send({ path: '/portal/return?launch=canary-launch' });
    const returns = gatehouse.workos
      .requestsTo('POST /portal/generate_link')
      .map(({ body }) => JSON.stringify(body))
      .flatMap((text) => [...text.matchAll(/launch=([\w-]+)/g)].map(([, token]) => token ?? ''));
    const links = [...gatehouse.workos.state.portalSessions.keys()];

    const all = gatehouse.logs.join('');
    const secrets = [...seen, ...returns, ...links].filter((text) => text.length >= 8);
    expect(secrets.length).toBeGreaterThan(20);
    for (const secret of secrets) expect(all).not.toContain(secret);
    expect(all).not.toMatch(/canary|gh_[a-z0-9]{12}_|sk_test|eyJ|\?/);
  });
});

describe('X-Request-ID', () => {
  it.each(['a', '0190b1c2-d3e4-7f56-8a9b-0c1d2e3f4a5b', 'A.b_c-9', 'x'.repeat(128)])(
    'is kept when it is well-formed: %s',
    async (id) => {
      const { headers, json } = await send({
        path: '/v1/tenants/nowhere',
        headers: { ...bearer(), 'x-request-id': id },
      });

      expect(headers['x-request-id']).toBe(id);
      expect(json.instance).toMatch(
        id.length === 36 ? `urn:uuid:${id}` : `urn:gatehouse:request:${id}`,
      );
    },
  );

  it.each(['', ' ', 'a b', 'x'.repeat(129), 'a,b', 'ä', 'a/b', '<b>', '"a"', 'a:b', '../a'])(
    'is replaced when it is not: %s',
    async (id) => {
      const { headers, json } = await send({
        path: '/v1/tenants/nowhere',
        headers: { ...bearer(), 'x-request-id': inHeader(id) },
      });

      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(json.instance).toBe(`urn:uuid:${String(headers['x-request-id'])}`);
    },
  );

  it.each([
    ['a page', '/launch-portal?ticket=x'],
    ['a document', '/openapi.json'],
    ['a stylesheet', '/docs/swagger-ui.css'],
    ['an unknown path', '/nothing'],
    ['what is not built', '/fga/v1/check'],
    ['a list', '/v1/tenants'],
  ])('is on %s', async (_name, path) => {
    expect((await send({ path })).headers['x-request-id']).toMatch(/./);
  });
});
