import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createGatehouseClient, type GatehouseClient } from '../../client/index.js';
import { startReceiver, type Receiver } from '../support/receiver.ts';

let server: Receiver;
let elsewhere: Receiver;
let client: GatehouseClient;

beforeAll(async () => {
  [server, elsewhere] = await Promise.all([startReceiver(), startReceiver()]);
  client = connect();
});
beforeEach(() => {
  server.received.splice(0);
});
afterAll(() => Promise.all([server.stop(), elsewhere.stop()]));

const connect = (options: object = {}) =>
  createGatehouseClient({ baseUrl: server.url, apiKey: 'gh_key', userToken: 'jwt', ...options });

type Answer = (res: ServerResponse) => void;
const status =
  (code: number, headers: Record<string, string> = {}, body = '{}'): Answer =>
  (res) =>
    res.writeHead(code, { 'Content-Type': 'application/json', ...headers }).end(body);
const busy = status(503, { 'Retry-After': '0' }, '{"code":"dependency_unavailable"}');

const broken: Answer = (res) => void res.destroy();

/** The first answers are as given, the rest are 200. */
function answering(...answers: Answer[]): void {
  server.answer = (_request, res) => (answers.shift() ?? status(200))(res);
}

const list = () => client.GET('/v1/tenants');
const path = { tenant_id: 'acme' };
const put = () => client.PUT('/v1/tenants/{tenant_id}', { params: { path }, body: { name: 'A' } });
const remove = () => client.DELETE('/v1/tenants/{tenant_id}', { params: { path } });
const patch = () => client.PATCH('/v1/tenants/{tenant_id}', { params: { path }, body: {} });
const post = (header = {}) =>
  client.POST('/v1/portal-launches', {
    params: { header },
    body: { tenant_id: 'acme', intent: 'sso' },
  });
const postOnce = () => post({ 'Idempotency-Key': 'once' });

describe('a client whose server is busy', () => {
  it.each(Object.entries({ list, put, remove, postOnce }))(
    'repeats %s, with the same body',
    async (_name, call) => {
      answering(busy, status(429, { 'Retry-After': '0' }));
      const { response } = await call();

      expect(response.status).toBe(200);
      expect(server.received).toHaveLength(3);
      expect(new Set(server.received.map(({ body }) => body)).size).toBe(1);
    },
  );

  it.each(Object.entries({ list, put, remove, postOnce }))(
    'repeats %s when the connection broke, as when an idle one was closed',
    async (_name, call) => {
      answering(broken, broken);
      const { response } = await call();

      expect(response.status).toBe(200);
      expect(server.received).toHaveLength(3);
    },
  );

  it.each(Object.entries({ patch, post }))(
    'does not repeat %s when the connection broke, because it may have been done',
    async (_name, call) => {
      answering(broken);

      await expect(call()).rejects.toThrow('fetch failed');
      expect(server.received).toHaveLength(1);
    },
  );

  it.each(Object.entries({ patch, post }))(
    'does not repeat %s, which may be done twice',
    async (_name, call) => {
      answering(busy);
      const { error } = await call();

      expect(error?.code).toBe('dependency_unavailable');
      expect(server.received).toHaveLength(1);
    },
  );

  it.each([
    ['after two repetitions', busy, 3],
    ['if it is to wait longer than the call may take', status(503, { 'Retry-After': '60' }), 1],
    ['if it does not know how long to wait', status(503), 1],
    ['for an error that waiting does not end', status(500, { 'Retry-After': '0' }), 1],
  ])('gives up %s', async (_when, answer, times) => {
    answering(answer, answer, answer);
    const { response } = await list();

    expect(response.ok).toBe(false);
    expect(server.received).toHaveLength(times);
  });

  it.each([
    ['does not begin', () => undefined],
    ['does not end', (res: ServerResponse) => res.write('{')],
  ])('ends with its timeout when an answer %s', async (_what, answer) => {
    // Its own: a request may come after its call has ended, and take the answer of the next test.
    const slow = await startReceiver();
    slow.answer = (_request, res) => answer(res);
    const call = connect({ baseUrl: slow.url, timeoutMs: 50 }).GET('/v1/tenants');

    await expect(call).rejects.toThrow(/timeout/);
    await slow.stop();
  });

  it('ends when the caller says so', async () => {
    const signal = AbortSignal.abort();

    await expect(client.GET('/v1/tenants', { signal })).rejects.toThrow(/aborted/);
  });

  it('ends for the reason of the caller, also while it waits', async () => {
    const caller = new AbortController();
    const leaving = async (...args: Parameters<typeof fetch>) => {
      const response = await fetch(...args);
      setImmediate(() => caller.abort(new Error('the user left')));
      return response;
    };
    answering(status(503, { 'Retry-After': '5' }));
    const call = connect({ fetch: leaving }).GET('/v1/tenants', { signal: caller.signal });

    await expect(call).rejects.toThrow('the user left');
  });
});

describe('a client whose proxy answers', () => {
  it.each([
    ['with a page', status(502, {}, '<h1>Bad gateway</h1>'), 502],
    ['with nothing', status(504, { 'Content-Length': '0' }, ''), 504],
    ['with JSON of its own', status(403, {}, '{"message":"no"}'), 403],
  ])('%s shows it as a problem', async (_what, answer, expected) => {
    answering(answer);
    const { error } = await list();

    expect(error).toMatchObject({ status: expected, code: 'unexpected_response' });
  });

  it.each([
    ['a page to sign in', status(200, { 'Content-Type': 'text/html; charset=utf-8' }, '<h1>'), 200],
    ['that nothing has changed', status(304, {}, ''), 304],
  ])('with %s rejects in words', async (_what, answer, expected) => {
    answering(answer);

    await expect(list()).rejects.toThrow(`status ${expected} is not one of Gatehouse`);
  });

  it('with a redirect takes no credentials there', async () => {
    answering(status(307, { Location: `${elsewhere.url}/v1/tenants` }));

    await expect(list()).rejects.toThrow('fetch failed');
    expect(elsewhere.received).toEqual([]);
  });
});
