import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GenerateLinkIntent, WorkOS } from '@workos-inc/node';
import express, { type Request } from 'express';
import supertest from 'supertest';
import {
  fetchWithUserToken,
  userTokenMiddleware,
  withUserToken,
} from '../../client/acting-user.js';
import { sdkFetch } from '../../client/sdk-fetch.js';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { sdkOptions } from '../support/sdk.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

/** A product whose users share one WorkOS client; here, the session is the user's token. */
async function createProduct(fetchFn: typeof fetch): Promise<ReturnType<typeof express>> {
  const { key } = await gatehouse.createClient();
  const workos = new WorkOS(key, { ...sdkOptions(gatehouse), fetchFn });
  const link = { organization: 'acme', intent: GenerateLinkIntent.SSO };
  return express()
    .use(userTokenMiddleware((req: Request) => req.get('session')))
    .get('/set-up', async (_req, res) => {
      const [created] = await Promise.allSettled([workos.adminPortal.generateLink(link)]);
      res.json(created.status === 'fulfilled' ? created.value : created.reason);
    });
}

const setUp = async (product: ReturnType<typeof express>, token?: string) => {
  const request = supertest(product).get('/set-up');
  const res = await (token === undefined ? request : request.set('session', token));
  return res.body as { link?: string; code?: string };
};

beforeAll(() => gatehouse.provision('acme'));

const FETCHES = [
  ['fetchWithUserToken', fetchWithUserToken],
  ['sdkFetch', sdkFetch],
] as const;

describe.each(FETCHES)(
  'one WorkOS client on %s for all users of an Express application',
  (_name, fetchFn) => {
    it('names the user of each request, and nobody where there is none', async () => {
      const product = await createProduct(fetchFn);
      const [admin, other] = await Promise.all([
        gatehouse.userToken(),
        gatehouse.userToken({ sub: 'max', roles: [] }),
      ]);
      const tokens = [admin, other, undefined, admin];
      const answers = await Promise.all(tokens.map((token) => setUp(product, token)));

      expect(answers.map(({ link, code }) => code ?? typeof link)).toEqual([
        'string',
        'it_admin_required',
        'acting_user_required',
        'string',
      ]);
    });
  },
);

describe.each(FETCHES)('%s', (_name, fetchFn) => {
  const servers: Receiver[] = [];
  beforeAll(async () => {
    servers.push(await startReceiver(), await startReceiver());
  });
  afterAll(() => Promise.all(servers.map((one) => one.stop())));

  it('takes it to no other server', async () => {
    const [first, second] = servers as [Receiver, Receiver];
    first.answer = (_request, res) => res.writeHead(307, { Location: second.url }).end();
    const call = withUserToken('jwt', () => fetchFn(first.url));

    await expect(call).rejects.toThrow('fetch failed');
    expect(first.received[0]?.headers['gatehouse-user-token']).toBe('jwt');
    expect(second.received).toEqual([]);
  });

  it('lets the SDK repeat no POST that was answered, though the connection broke in the answer', async () => {
    const [server] = servers as [Receiver];
    server.received.length = 0;
    server.answer = (_request, res) => {
      res.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': 100 });
      res.write('{"link":', () => res.destroy());
    };
    const workos = new WorkOS('key', { ...sdkOptions(server), fetchFn });
    const link = { organization: 'acme', intent: GenerateLinkIntent.SSO };

    await expect(workos.adminPortal.generateLink(link)).rejects.toThrow(TypeError);
    expect(server.received).toHaveLength(1);
  });

  it('fails as fetch does: by a TypeError when the connection breaks, by the reason of the signal when it is aborted', async () => {
    const [server] = servers as [Receiver];
    server.answer = (_request, res) => res.destroy();
    const broken = fetchFn(server.url);
    await expect(broken).rejects.toThrow(TypeError);
    await expect(broken).rejects.toThrow('fetch failed');

    const caller = new AbortController();
    server.answer = () => caller.abort(new Error('the user left'));
    await expect(fetchFn(server.url, { signal: caller.signal })).rejects.toThrow('the user left');
  });
});

describe('sdkFetch', () => {
  it('replaces a user token that was given, and keeps the other headers', async () => {
    const server = await startReceiver();
    const headers = { 'gatehouse-user-token': 'old', 'x-of': 'init' };
    for (const given of [headers, new Headers(headers), Object.entries(headers)])
      await withUserToken('jwt', () =>
        sdkFetch(server.url, { headers: given as RequestInit['headers'] }),
      );

    expect(
      server.received.map(({ headers }) => [headers['x-of'], headers['gatehouse-user-token']]),
    ).toEqual(Array(3).fill(['init', 'jwt']));
    await server.stop();
  });

  it('sends text and forms, and refuses other bodies instead of sending them changed', async () => {
    const server = await startReceiver();
    const send = (body: RequestInit['body']) => sdkFetch(server.url, { method: 'POST', body });
    await send('{}');
    await send(new URLSearchParams({ a: 'ł' }));

    await expect(send(new Uint8Array(2))).rejects.toThrow('must be a string or URLSearchParams');
    expect(server.received.map(({ body }) => body)).toEqual(['{}', 'a=%C5%82']);
    await server.stop();
  });
});

describe('fetchWithUserToken', () => {
  it('keeps the headers of a request, or those that replace them', async () => {
    const server = await startReceiver();
    const given = new Request(server.url, { headers: { 'x-of': 'request' } });
    await withUserToken('jwt', async () => {
      await fetchWithUserToken(given);
      await fetchWithUserToken(given, { headers: { 'x-of': 'init' } });
      await fetchWithUserToken(new URL(server.url), { headers: { 'x-of': 'url' } });
    });

    expect(
      server.received.map(({ headers }) => [headers['x-of'], headers['gatehouse-user-token']]),
    ).toEqual([
      ['request', 'jwt'],
      ['init', 'jwt'],
      ['url', 'jwt'],
    ]);
    await server.stop();
  });
});
