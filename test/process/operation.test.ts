import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import supertest from 'supertest';
import { exchange } from '../support/raw.ts';
import { loadConfig } from '../../src/config/config.ts';
import { startGateway, type Gatehouse } from '../../src/process/gateway.ts';
import { createLatch } from '../support/latch.ts';
import { closedTcpProxy } from '../support/tcp-proxy.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

const app = useGatehouse();
let client: TestClient;
let admin: string;
beforeAll(async () => {
  client = await app.createClient();
  admin = await app.userToken();
  await app.provision('acme');
});

const silent = pino({ level: 'silent' });
/** One more process's worth of Gatehouse, for a test to end. */
const startOne = async (): Promise<Gatehouse> => {
  const one = await startGateway(app.config, silent);
  await one.ready;
  return one;
};
const publicUrl = ({ port }: Gatehouse) => `http://127.0.0.1:${port}`;
const adminUrl = ({ adminPort }: Gatehouse) => `http://127.0.0.1:${adminPort}`;

interface Exchange {
  readonly status: number;
  readonly connection: string | undefined;
  readonly reused: boolean;
}
/** One request on an agent that keeps its connections. */
const getTenants = (one: Gatehouse, agent: Agent, path = '/v1/tenants'): Promise<Exchange> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${client.key}` };
    const sent = request(`${publicUrl(one)}${path}`, { agent, headers }, (response) => {
      response.resume().once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          connection: response.headers.connection,
          reused: sent.reusedSocket,
        }),
      );
    });
    sent.once('error', reject).end();
  });
const socketTo = (one: Gatehouse, says = ''): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(one.port, '127.0.0.1', () => {
      socket.write(says);
      resolve(socket);
    });
    socket.on('error', () => undefined);
  });

describe('the admin port', () => {
  let one: Gatehouse;
  beforeAll(async () => {
    one = await startOne();
  });
  afterAll(() => one.stop());

  it.each(['/livez', '/readyz', '/metrics'])('alone has %s', async (path) => {
    const [inside, outside] = await Promise.all([
      supertest(adminUrl(one)).get(path),
      supertest(publicUrl(one)).get(path),
    ]);

    expect([inside.status, outside.status]).toEqual([200, 404]);
  });

  it.each(['/v1/tenants', '/openapi.json', '/docs', '/'])('does not have %s', async (path) => {
    const res = await supertest(adminUrl(one)).get(path);

    expect(res.status).toBe(404);
  });

  it.each(['/livez', '/console'])('refuses two hosts at %s', async (path) => {
    const { statuses } = await exchange(
      adminUrl(one),
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    );

    expect(statuses).toEqual([400]);
  });

  it('counts by operation and problem, and shows nothing that a caller has sent', async () => {
    const api = supertest.agent(publicUrl(one)).set('authorization', `Bearer ${client.key}`);
    const launch = await api
      .post('/v1/portal-launches')
      .set('gatehouse-user-token', admin)
      .send({ tenant_id: 'acme', intent: 'sso' });
    const ticket = (launch.body as { url: string }).url.split('ticket=')[1] ?? '';
    await supertest(publicUrl(one)).get(`/launch-portal?ticket=${ticket}`).expect(303);
    await api.get('/v1/tenants/canary-tenant').expect(404);
    await api.get('/canary-path?canary=query').expect(404);

    const { text } = await waitFor(async () => {
      const res = await supertest(adminUrl(one)).get('/metrics');
      return res.text.includes('operation="(none)"') && res;
    });

    expect(text).toMatch(
      /gatehouse_requests_total\{operation="getTenant",status="404",problem="tenant_not_found"\} 1/,
    );
    expect(text).toMatch(
      /gatehouse_upstream_attempt_duration_seconds_count\{class="portal",outcome="ok"\} 1/,
    );
    expect(text).not.toContain('canary');
    expect(text).not.toContain(ticket);
    expect(text).not.toContain(client.key);
    expect(text).not.toMatch(/sk_test|acme/);
  });
});

describe('shutdown', () => {
  it('makes readiness fail while requests still succeed, and closes afterwards', async () => {
    const one = await startOne();
    const agent = new Agent({ keepAlive: true });
    await getTenants(one, agent);

    const stopped = one.stop(700);
    const [ready, live, kept, fresh] = await Promise.all([
      supertest(adminUrl(one)).get('/readyz'),
      supertest(adminUrl(one)).get('/livez'),
      getTenants(one, agent),
      getTenants(one, new Agent()),
    ]);
    await stopped;

    expect([ready.status, live.status, kept.status, fresh.status]).toEqual([503, 200, 200, 200]);
    expect(ready.headers['retry-after']).toMatch(/^\d+$/);
    expect([kept.reused, kept.connection]).toEqual([true, 'keep-alive']);
    await expect(getTenants(one, new Agent())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    agent.destroy();
  });

  it('lets requests in progress finish, and closes their connections', async () => {
    const one = await startOne();
    const gate = createLatch();
    const path = 'GET /organizations/external_id/*';
    app.workos.fault(path, { kind: 'hold', until: gate.opened }, { times: 1 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = app.workos.requestsTo(path).length;
    const underWay = new Promise<Exchange>((resolve, reject) => {
      const headers = { authorization: `Bearer ${client.key}`, 'content-type': 'application/json' };
      const sent = request(
        `${publicUrl(one)}/v1/tenants/last`,
        { agent, headers, method: 'PUT' },
        (response) => {
          response.resume().once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              connection: response.headers.connection,
              reused: sent.reusedSocket,
            }),
          );
        },
      );
      sent.once('error', reject).end('{"name":"Last"}');
    });
    await waitFor(() => app.workos.requestsTo(path).length > before);

    const stopped = one.stop();
    gate.open();
    const answered = await underWay;
    const began = performance.now();
    await stopped;

    expect(answered).toMatchObject({ status: 201, connection: 'close' });
    expect(performance.now() - began).toBeLessThan(within(2_000));
    agent.destroy();
  });

  it.each([
    ['that never said anything', ''],
    ['that stopped in the middle of its headers', 'GET /v1/tenants HTTP/1.1\r\nHost: x\r\n'],
  ])(
    'does not wait for a connection %s',
    async (_which, says) => {
      const one = await startOne();
      const socket = await socketTo(one, says);
      const began = performance.now();

      await one.stop();

      expect(performance.now() - began).toBeLessThan(within(11_000));
      socket.destroy();
    },
    30_000,
  );

  it('skips the delay at a second signal', async () => {
    const one = await startOne();
    const began = performance.now();

    const patient = one.stop(15_000);
    await one.stop();
    await patient;

    expect(performance.now() - began).toBeLessThan(within(2_000));
  });
});

describe('a start without the database', () => {
  it('is alive, refuses requests quickly, and is ready once the database is available', async () => {
    const proxy = await closedTcpProxy();
    const url = new URL(app.database.url);
    const target = Number(url.port);
    url.port = String(proxy.port);
    const config = loadConfig({
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
      PUBLIC_URL: 'http://localhost:8080',
      DATABASE_URL: url.href,
      WORKOS_API_KEY: app.workos.apiKey,
      WORKOS_CLIENT_ID: app.workos.clientId,
      WORKOS_API_BASE_URL: app.workos.url,
      WORKOS_EXTERNAL_ID_PREFIX: 'gh:test:',
    });
    const one = await startGateway(config, silent);
    const api = () =>
      supertest(publicUrl(one)).get('/v1/tenants').set('authorization', `Bearer ${client.key}`);
    const admin = (path: string) => supertest(adminUrl(one)).get(path);
    const began = performance.now();

    const [live, ready, refused] = await Promise.all([admin('/livez'), admin('/readyz'), api()]);
    const tookMs = performance.now() - began;
    await proxy.open(target);
    await waitFor(async () => (await admin('/readyz')).status === 200);
    const served = await api();
    await one.stop();
    await proxy.stop();

    expect([live.status, ready.status]).toEqual([200, 503]);
    expect([refused.status, refused.body]).toMatchObject([503, { code: 'dependency_unavailable' }]);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(tookMs).toBeLessThan(within(2_000));
    expect(served.status).toBe(200);
  });
});
