/** A gateway and a worker that Prometheus watches, with every rule of the alerts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from '@jest/globals';
import { pino } from 'pino';
import type { Config } from '../../src/config/config.ts';
import { Secret } from '../../src/core/secret.ts';
import { startGateway, type Gatehouse } from '../../src/process/gateway.ts';
import { startWorker, type Worker } from '../../src/process/worker.ts';
import { createCaller, type Caller } from '../support/http-caller.ts';
import { closedTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

export const SECRET = 'secret-of-the-alerts';
export const gatehouse = useGatehouse({
  env: {
    WORKOS_WEBHOOK_SECRETS: SECRET,
    WORKOS_REQUESTS_PER_MINUTE: '600',
    RATE_LIMIT_CLIENT_PER_MINUTE: '600',
    WEBHOOK_ENDPOINT_ORIGINS: 'http://127.0.0.1:*',
    DATABASE_POOL_MAX: '4',
  },
});

export let prometheus: Prometheus;
export let proxy: TcpProxy;
export let postgresPort: number;
export let config: Config;
export let gateway: Gatehouse;
export let worker: Worker;
export let caller: Caller;
export let client: TestClient;
export let admin: string;
export const seen = new Set<string>();

/** Starts all of it before the tests of the file. */
export function useAlerts(): void {
  beforeAll(async () => {
    prometheus = await startPrometheus();
    proxy = await closedTcpProxy();
    const url = new URL(gatehouse.database.url);
    postgresPort = Number(url.port);
    url.port = String(proxy.port);
    await proxy.open(postgresPort);
    const through = new Secret(url.href);
    config = {
      ...gatehouse.config,
      database: { ...gatehouse.config.database, url: through, directUrl: through, waitMs: 1_000 },
      keyCheckMs: 1_000,
      tenantRoundMs: 1_000,
    };
    const logger = pino({ level: 'silent' });
    gateway = await startGateway(config, logger);
    worker = await startWorker(config, logger);
    await Promise.all([gateway.ready, worker.ready]);
    prometheus.scrape('gatehouse-gateway', gateway.adminPort);
    prometheus.scrape('gatehouse-worker', worker.adminPort);
    caller = createCaller(`http://127.0.0.1:${gateway.port}`, 40);
    client = await gatehouse.createClient();
    admin = await gatehouse.userToken();
    await gatehouse.provision('acme');
  }, 180_000);
  afterAll(async () => {
    await caller.close();
    await Promise.all([gateway.stop(), worker.stop()]);
    await proxy.stop();
    await prometheus.stop();
  }, 60_000);
}

export const fires = async (...alerts: readonly string[]): Promise<void> => {
  for (const alert of alerts) {
    await prometheus.fires(alert);
    seen.add(alert);
  }
};
export const send = (method: string, path: string, body?: object, by = client) =>
  caller.send({
    method,
    path,
    headers: {
      authorization: `Bearer ${by.key}`,
      'gatehouse-user-token': admin,
      'content-type': 'application/json',
    },
    body: body && JSON.stringify(body),
  });
export const link = () =>
  send('post', '/portal/generate_link', { organization: 'acme', intent: 'sso' });
export const times = async (count: number, call: () => Promise<unknown>): Promise<void> => {
  for (let index = 0; index < count; index += 1) await call();
};
/** Calls again and again until the alert fires, as people would. */
export async function until(alert: string, call: () => Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const calling = (async () => {
    while (!over.signal.aborted) {
      await call();
      await sleep(100);
    }
  })();
  try {
    await fires(alert);
  } finally {
    over.abort();
    await calling;
  }
}
