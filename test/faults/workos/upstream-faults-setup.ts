import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { leaksInDatabase, leaksInLogs } from '../../support/leaks.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';
import { problemType } from '../../support/problem-type.ts';

export const LOOK_UP = 'GET /organizations/external_id/*';
export const CREATE = 'POST /organizations';
/** Text of WorkOS that may be seen by nobody. */
const CANARY = 'canary sk_live_9a8b7c https://setup.workos.com/canary';
export let gatehouse: TestApp;
export let client: TestClient;
export let admin: string;
/** A server that nobody may be led to. */
export let elsewhere: { readonly url: string; requests: number; close(): void };
export let tenants = 0;

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

export const putTenant = (id: string, fields: object = {}, url = gatehouse.url) =>
  fetch(`${url}/v1/tenants/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Tenant', ...fields }),
  }).then(answerOf);

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly retryAfter: string | null;
  readonly text: string;
  readonly problem: { readonly type?: string; readonly code?: string; readonly status?: number };
}

export const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    retryAfter: response.headers.get('retry-after'),
    text,
    problem: JSON.parse(text) as Answer['problem'],
  };
};

export const expectProblem = (answer: Answer, status: number, slug: string): void => {
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

export const newTenant = (): string => {
  tenants += 1;
  return `tenant-${tenants}`;
};

export const organizationsOf = (tenantId: string) =>
  [...gatehouse.workos.organizations.values()].filter(
    ({ external_id: externalId }) => externalId === `gh:test:${tenantId}`,
  );

export const status = (
  code: number,
  fields: Partial<Extract<Fault, { kind: 'status' }>> = {},
): Fault => ({
  kind: 'status',
  status: code,
  body: { message: CANARY, code: 'canary', error: CANARY, errors: [{ code: CANARY }] },
  ...fields,
});

export const json = (body: string): Fault => ({
  kind: 'content-type',
  type: 'application/json',
  body,
});

export type Row = readonly [string, () => Fault, number, string];

/** What WorkOS answers whole. None of it is tried again. */
export const ANSWERS: readonly Row[] = [
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
export const OUTAGES: readonly Row[] = [
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
export const NONSENSE: readonly Row[] = [
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

export const redirect = (code: number): Fault => ({
  kind: 'redirect',
  status: code,
  location: `${elsewhere.url}/portal/generate_link`,
});

export function useUpstreamFaults(): void {
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
}

export function itLeaksNothing(): void {
  describe('after all this', () => {
    it('nothing of WorkOS’s text, key or links stands in a log line or in the database', async () => {
      const secrets = ['sk_live_9a8b7c', 'setup.workos.com', 'evil', client.key, admin];

      expect(leaksInLogs(gatehouse, secrets)).toEqual([]);
      expect(await leaksInDatabase(gatehouse, secrets)).toEqual([]);
      expect(elsewhere.requests).toBe(0);
    });
  });
}
