/** What WorkOS may do wrong, and what the caller is told: threats-and-faults, part 2, table 3a. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { createLaunch, mints, openDoor } from '../support/portal-calls.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { problemType } from '../support/problem-type.ts';

const MINT = 'POST /portal/generate_link';
const LOOK_UP = 'GET /organizations/external_id/*';
const CREATE = 'POST /organizations';
/** Text of WorkOS that may be seen by nobody. */
const CANARY = 'canary sk_live_9a8b7c https://setup.workos.com/canary';

let gatehouse: TestApp;
let client: TestClient;
let admin: string;
/** A server that nobody may be led to. */
let elsewhere: { readonly url: string; requests: number; close(): void };
let tenants = 0;

beforeAll(async () => {
  gatehouse = await startTestApp({ replicas: 2 });
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
  elsewhere = await startElsewhere();
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(async () => {
  elsewhere.close();
  await gatehouse.stop();
});

async function startElsewhere() {
  const server = createServer((_req, res) => {
    counter.requests += 1;
    res.writeHead(201, { 'content-type': 'application/json' }).end('{"link":"https://evil"}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const counter = { url, requests: 0, close: () => void server.close() };
  return counter;
}

const generateLink = (url = gatehouse.url) =>
  fetch(`${url}/portal/generate_link`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': admin,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ organization: 'acme', intent: 'sso' }),
  }).then(answerOf);

const putTenant = (id: string, fields: object = {}, url = gatehouse.url) =>
  fetch(`${url}/v1/tenants/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Tenant', ...fields }),
  }).then(answerOf);

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly problem: { readonly type?: string; readonly code?: string; readonly status?: number };
}

const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    retryAfter: response.headers.get('retry-after'),
    text,
    problem: JSON.parse(text) as Answer['problem'],
  };
};

const expectProblem = (answer: Answer, status: number, slug: string): void => {
  expect(answer.problem).toMatchObject({
    type: problemType(slug),
    code: slug.replaceAll('-', '_'),
    status,
  });
  expect(answer.status).toBe(status);
  expect(answer.text).not.toMatch(/canary|sk_|setup\?token|evil|Exception|Error:|\bat \//);
  // Only a 503 passes by itself.
  expect(answer.retryAfter !== null).toBe(status === 503);
};

const newTenant = (): string => {
  tenants += 1;
  return `tenant-${tenants}`;
};
const requestsFor = (tenantId: string) =>
  gatehouse.workos.requests.filter(
    ({ path, body }) =>
      decodeURIComponent(path).endsWith(`/gh:test:${tenantId}`) ||
      (body as { external_id?: string } | undefined)?.external_id === `gh:test:${tenantId}`,
  );
const organizationsOf = (tenantId: string) =>
  [...gatehouse.workos.organizations.values()].filter(
    ({ external_id: externalId }) => externalId === `gh:test:${tenantId}`,
  );

const status = (code: number, fields: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
  kind: 'status',
  status: code,
  body: { message: CANARY, code: 'canary', error: CANARY, errors: [{ code: CANARY }] },
  ...fields,
});
const json = (body: string): Fault => ({ kind: 'content-type', type: 'application/json', body });
const link = (value: unknown): Fault => ({ kind: 'link', link: value });

type Row = readonly [string, () => Fault, number, string];

/** What WorkOS answers whole. None of it is tried again. */
const ANSWERS: readonly Row[] = [
  ['400', () => status(400), 502, 'upstream-rejected'],
  ['401', () => status(401), 502, 'upstream-auth-failed'],
  ['403', () => status(403), 502, 'upstream-forbidden'],
  ['405', () => status(405), 502, 'upstream-rejected'],
  ['408', () => status(408), 502, 'upstream-error'],
  ['410', () => status(410), 502, 'upstream-rejected'],
  ['413', () => status(413), 502, 'upstream-rejected'],
  ['415', () => status(415), 502, 'upstream-rejected'],
  ['422', () => status(422), 502, 'upstream-rejected'],
  ['451', () => status(451), 502, 'upstream-rejected'],
];
/** What may pass: repeated once at most, and only where that does no harm. */
const OUTAGES: readonly Row[] = [
  ['500', () => status(500), 502, 'upstream-error'],
  ['502 in HTML', () => status(502, { body: `<h1>${CANARY}</h1>` }), 502, 'upstream-error'],
  ['503', () => status(503), 502, 'upstream-error'],
  ['504', () => status(504), 502, 'upstream-error'],
  ['529', () => status(529), 502, 'upstream-error'],
  [
    'a reset before headers',
    () => ({ kind: 'reset', when: 'before-headers' }),
    502,
    'upstream-unreachable',
  ],
];
/** What is not an answer of WorkOS, whatever its status. */
const NONSENSE: readonly Row[] = [
  ['301', () => redirect(301), 502, 'upstream-invalid-response'],
  ['302', () => redirect(302), 502, 'upstream-invalid-response'],
  ['303', () => redirect(303), 502, 'upstream-invalid-response'],
  ['307', () => redirect(307), 502, 'upstream-invalid-response'],
  ['308', () => redirect(308), 502, 'upstream-invalid-response'],
  ['truncated JSON', () => ({ kind: 'truncated' }), 502, 'upstream-invalid-response'],
  ['HTML', () => ({ kind: 'content-type', type: 'text/html' }), 502, 'upstream-invalid-response'],
  ['text', () => ({ kind: 'content-type', type: 'text/plain' }), 502, 'upstream-invalid-response'],
  ['null', () => json('null'), 502, 'upstream-invalid-response'],
  ['an array', () => json(`["${CANARY}"]`), 502, 'upstream-invalid-response'],
  ['a number', () => json('42'), 502, 'upstream-invalid-response'],
  ['a string', () => json(`"${CANARY}"`), 502, 'upstream-invalid-response'],
  ['nothing', () => json(''), 502, 'upstream-invalid-response'],
  ['an empty object', () => json('{}'), 502, 'upstream-invalid-response'],
  ['300 KB', () => ({ kind: 'huge', bytes: 300_000 }), 502, 'upstream-invalid-response'],
];
const redirect = (code: number): Fault => ({
  kind: 'redirect',
  status: code,
  location: `${elsewhere.url}/portal/generate_link`,
});

describe('generatePortalLink when WorkOS answers', () => {
  const refused = async (fault: Fault, code: number, slug: string): Promise<number> => {
    const before = mints(gatehouse);
    gatehouse.workos.fault(MINT, fault);

    const answer = await generateLink();

    const asked = mints(gatehouse) - before;
    expectProblem(answer, code, slug);
    expect(answer.type).toBe('application/json');
    gatehouse.workos.clearFaults();
    // Twice, so that the circuit breaker stays closed, which is not the matter here.
    expect([(await generateLink()).status, (await generateLink()).status]).toEqual([201, 201]);
    return asked;
  };

  it.each([...ANSWERS, ['409', () => status(409), 502, 'upstream-rejected'] as const])(
    '%s: says so and does not try again',
    async (_case, fault, code, slug) => {
      expect(await refused(fault(), code, slug)).toBe(1);
    },
  );

  it.each([
    ...OUTAGES,
    [
      'a reset after headers',
      () => ({ kind: 'reset', when: 'after-headers' }) as const,
      502,
      'upstream-unreachable',
    ] as const,
  ])('%s: says so after one more try at most', async (_case, fault, code, slug) => {
    expect(await refused(fault(), code, slug)).toBeLessThanOrEqual(2);
  });

  it.each(NONSENSE)('%s: says so and does not try again', async (_case, fault, code, slug) => {
    expect(await refused(fault(), code, slug)).toBe(1);
    expect(elsewhere.requests).toBe(0);
  });

  it.each<[string, unknown]>([
    ['javascript:', 'javascript:alert(1)'],
    ['data:', 'data:text/html,hello'],
    ['http:', 'http://setup.workos.com/portal'],
    ['a foreign host', 'https://evil.example/portal'],
    ['a host that begins like ours', 'https://setup.workos.com.evil.example/'],
    ['a host below ours', 'https://a.setup.workos.com/'],
    ['another port', 'https://setup.workos.com:8443/'],
    ['a user name', 'https://user@setup.workos.com/'],
    ['a password', 'https://:secret@setup.workos.com/'],
    ['CRLF', 'https://setup.workos.com/\r\nSet-Cookie: a=b'],
    ['a space', 'https://setup.workos.com/a b'],
    ['a tab in the scheme', 'ht\ttps://setup.workos.com/'],
    ['a letter beyond ASCII', 'https://setup.workos.com/ä'],
    ['10 KB', `https://setup.workos.com/${'a'.repeat(10_240)}`],
    ['a path', '/portal'],
    ['an address without a scheme', '//setup.workos.com/'],
    ['no address', 'portal'],
    ['nothing', ''],
    ['null', null],
    ['a number', 42],
    ['an array', ['https://setup.workos.com/']],
    ['an object', { href: 'https://setup.workos.com/' }],
    ['true', true],
    ['no link at all', undefined],
  ])('a link that is not one: %s', async (_case, value) => {
    expect(await refused(link(value), 502, 'upstream-invalid-response')).toBe(1);
  });

  it.each(['https://setup.workos.com/portal?token=1', 'https://setup.workos.com:443/portal'])(
    'takes the link %s',
    async (value) => {
      gatehouse.workos.fault(MINT, link(value));

      const { status: code, problem } = await generateLink();

      expect([code, problem]).toEqual([201, { link: value }]);
    },
  );

  it('one failure, then a link: the caller sees only the link', async () => {
    gatehouse.workos.fault(MINT, status(503), { times: 1 });
    const before = mints(gatehouse);

    const answer = await generateLink();

    expect(answer.status).toBe(201);
    expect(mints(gatehouse)).toBe(before + 2);
  });

  it('404 while the organization is there: says that WorkOS refused, not that anything is missing', async () => {
    gatehouse.workos.fault(MINT, status(404));

    const answer = await generateLink();

    expectProblem(answer, 502, 'upstream-rejected');
    const tenant = await gatehouse.as(client).get('/v1/tenants/acme');
    expect(tenant.body).toMatchObject({ status: 'active' });
  });

  it('gives the browser a page, never a Location, whatever the answer', async () => {
    const pages: [number, string | undefined, string][] = [];
    for (const fault of [link('javascript:alert(1)'), redirect(302), json('{}'), status(422)]) {
      const { ticket } = await createLaunch(gatehouse, client, { userToken: admin });
      gatehouse.workos.fault(MINT, fault, { times: 1 });
      const res = await openDoor(gatehouse.url, { ticket });
      pages.push([res.status, res.headers.location, res.text]);
    }

    expect(pages).toEqual(
      Array(4).fill([502, undefined, expect.not.stringMatching(/javascript:|canary|evil/)]),
    );
  });
});

describe('putTenant when WorkOS answers', () => {
  /** @returns how often WorkOS was asked for the operation */
  const refused = async (operation: string, fault: Fault, code: number, slug: string) => {
    const tenantId = newTenant();
    gatehouse.workos.fault(operation, fault);

    const answer = await putTenant(tenantId);

    const method = operation.split(' ')[0];
    const asked = requestsFor(tenantId).filter((request) => request.method === method).length;
    expectProblem(answer, code, slug);
    expect(answer.type).toBe('application/problem+json');
    const tenant = await gatehouse.as(client).get(`/v1/tenants/${tenantId}`);
    expect(tenant.body).toMatchObject({ status: 'provisioning' });
    gatehouse.workos.clearFaults();
    // Whatever happened, there is one organization in the end.
    expect((await putTenant(tenantId)).status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
    // Also to keep the circuit breaker closed.
    expect((await putTenant('acme', { name: `Acme ${tenants}` })).status).toBe(200);
    return asked;
  };

  it.each(ANSWERS)('%s to the creation: says so, once', async (_case, fault, code, slug) => {
    expect(await refused(CREATE, fault(), code, slug)).toBe(1);
  });

  it.each([
    ...OUTAGES,
    [
      'a reset after the creation',
      () => ({ kind: 'after-effect-reset' }) as const,
      502,
      'upstream-unreachable',
    ] as const,
    [
      'a reset after headers',
      () => ({ kind: 'reset', when: 'after-headers' }) as const,
      502,
      'upstream-unreachable',
    ] as const,
  ])(
    '%s to the creation: says so, and creates no second time',
    async (_case, fault, code, slug) => {
      expect(await refused(CREATE, fault(), code, slug)).toBe(1);
    },
  );

  it.each(NONSENSE)('%s to the creation: says so, once', async (_case, fault, code, slug) => {
    expect(await refused(CREATE, fault(), code, slug)).toBe(1);
    expect(elsewhere.requests).toBe(0);
  });

  it.each([
    ['401', () => status(401), 502, 'upstream-auth-failed'],
    ['422', () => status(422), 502, 'upstream-rejected'],
    ['302', () => redirect(302), 502, 'upstream-invalid-response'],
    ['an empty object', () => status(200, { body: {} }), 502, 'upstream-invalid-response'],
    ['an empty array', () => status(200, { body: [] }), 502, 'upstream-invalid-response'],
  ] satisfies Row[])('%s to the look-up: creates nothing', async (_case, fault, code, slug) => {
    expect(await refused(LOOK_UP, fault(), code, slug)).toBe(1);
    expect(elsewhere.requests).toBe(0);
  });

  it.each([
    ['500', () => status(500), 502, 'upstream-error'],
    ['a reset', () => ({ kind: 'reset', when: 'before-headers' }), 502, 'upstream-unreachable'],
  ] satisfies Row[])('%s to the look-up: tries once more', async (_case, fault, code, slug) => {
    expect(await refused(LOOK_UP, fault(), code, slug)).toBeLessThanOrEqual(2);
  });

  it('the external id is taken: finds the organization that has it', async () => {
    const tenantId = newTenant();
    gatehouse.workos.fault(CREATE, { kind: 'after-effect-reset' }, { times: 1 });
    await putTenant(tenantId);
    gatehouse.workos.fault(LOOK_UP, status(404), { times: 1 });

    const answer = await putTenant(tenantId);

    expect(answer.status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
    const asked = requestsFor(tenantId).map(({ method }) => method);
    expect(asked).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
  });

  it('a conflict by any other name: finds the organization that is there', async () => {
    const tenantId = newTenant();
    gatehouse.workos.fault(CREATE, { kind: 'after-effect-reset' }, { times: 1 });
    await putTenant(tenantId);
    gatehouse.workos.fault(LOOK_UP, status(404), { times: 1 });
    gatehouse.workos.fault(CREATE, status(409), { times: 1 });

    const answer = await putTenant(tenantId);

    expect(answer.status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
  });

  it('a conflict over something else: says that WorkOS refused', async () => {
    expect(await refused(CREATE, status(409), 502, 'upstream-rejected')).toBe(1);
  });

  it('the organization is gone: says so when the tenant is changed', async () => {
    const tenantId = newTenant();
    await putTenant(tenantId);
    for (const { id } of organizationsOf(tenantId)) gatehouse.workos.deleteOrganization(id);

    const answer = await putTenant(tenantId, { name: 'Renamed' });

    expectProblem(answer, 409, 'organization-missing');
    const tenant = await gatehouse.as(client).get(`/v1/tenants/${tenantId}`);
    expect(tenant.body).toMatchObject({ status: 'active' });
    expect(organizationsOf(tenantId)).toHaveLength(0);
  });
});

/** On a replica of their own, whose circuit breaker they open. All at once, for each takes seconds. */
describe('a WorkOS that takes its time', () => {
  const timed = async (work: () => Promise<Answer>) => {
    const started = performance.now();
    return { answer: await work(), seconds: (performance.now() - started) / 1_000 };
  };

  it('ends at the deadline, in bounded memory, and leaves no connection behind', async () => {
    const replica = gatehouse.urls[1] ?? '';
    const { workos } = gatehouse;
    const slow: Fault = { kind: 'slow-body', bytesPerSecond: 1 };
    workos.fault(MINT, { kind: 'silence' }, { times: 10 });
    workos.fault(MINT, slow, { times: 20 });
    workos.fault(LOOK_UP, { kind: 'silence' }, { times: 1 });
    workos.fault(LOOK_UP, slow, { times: 1 });
    const ids = [newTenant(), newTenant()];
    const before = mints(gatehouse);

    const results = await Promise.all([
      ...Array.from({ length: 30 }, () => timed(() => generateLink(replica))),
      ...ids.map((id) => timed(() => putTenant(id, {}, replica))),
    ]);

    for (const { answer, seconds } of results) {
      expectProblem(answer, 504, 'upstream-timeout');
      expect(seconds).toBeGreaterThan(2.9);
      expect(seconds).toBeLessThan(6.5);
    }
    expect(mints(gatehouse)).toBe(before + 30);
    for (const id of ids) {
      expect((await putTenant(id)).status).toBe(200);
      expect(organizationsOf(id)).toHaveLength(1);
    }
  });

  it('creates no second organization after a creation that was not answered', async () => {
    const tenantId = newTenant();
    gatehouse.workos.fault(CREATE, { kind: 'delay', ms: 20_000 }, { times: 1 });

    const { answer, seconds } = await timed(() => putTenant(tenantId));
    const again = await putTenant(tenantId);

    expectProblem(answer, 504, 'upstream-timeout');
    expect(seconds).toBeLessThan(6.5);
    expect(again.status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
  });

  it('reads no more than it must of twenty answers of 200 MB', async () => {
    gatehouse.workos.fault(MINT, { kind: 'huge', bytes: 200_000_000 }, { times: 20 });
    const before = process.memoryUsage.rss();
    let highest = before;
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        highest = Math.max(highest, process.memoryUsage.rss());
        await pause(5);
      }
    })();

    const results = await Promise.all(
      Array.from({ length: 20 }, () => timed(() => generateLink())),
    );
    watching.abort();
    await watch;

    for (const { answer, seconds } of results) {
      expectProblem(answer, 502, 'upstream-invalid-response');
      expect(seconds).toBeLessThan(3.5);
    }
    expect((highest - before) / 2 ** 20).toBeLessThan(64);
  });
});

describe('after all this', () => {
  it('nothing of WorkOS’s text, key or links stands in a log line or in the database', async () => {
    const secrets = ['sk_live_9a8b7c', 'setup.workos.com', 'evil', client.key, admin];

    expect(leaksInLogs(gatehouse, secrets)).toEqual([]);
    expect(await leaksInDatabase(gatehouse, secrets)).toEqual([]);
    expect(elsewhere.requests).toBe(0);
  });
});
