import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { createClientRegistry, type ClientRegistry } from '../../src/clients/registry.ts';
import type { Config } from '../../src/config/config.ts';
import { startGateway } from '../../src/process/gateway.ts';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import { inSeconds, type Forging } from '../support/forged-tokens.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

export let gatehouse: TestApp;
export let callers: Caller[];
export let registry: ClientRegistry;
export let client: TestClient;
export let canary: Server;
export let canaryHits = 0;
export let otherKey: Forging['otherKey'];
export let otherJwk: Forging['otherJwk'];
export const LAUNCH = JSON.stringify({ tenant_id: 'acme', intent: 'sso' });

export const user = () => ({
  iss: gatehouse.issuer.url,
  aud: 'gatehouse',
  sub: 'ada',
  tenant_id: 'acme',
  roles: ['it_admin'],
  exp: inSeconds(600),
});

export const workload = () => ({
  iss: gatehouse.issuer.url,
  aud: 'gatehouse-clients',
  sub: 'system:billing',
  exp: inSeconds(600),
});

export const replica = (at: number): Caller => callers[at] ?? ({} as Caller);

/** Creates a launch for a user. */
export const launchAs = (token: string, caller = replica(0), key = client.key): Promise<Answer> =>
  caller.send({
    method: 'post',
    path: '/v1/portal-launches',
    headers: {
      authorization: `Bearer ${key}`,
      'gatehouse-user-token': token,
      'content-type': 'application/json',
    },
    body: LAUNCH,
  });

export const callWith = (credential: string, caller = replica(0)): Promise<Answer> =>
  caller.send({
    method: 'get',
    path: '/v1/tenants/acme',
    headers: { authorization: `Bearer ${credential}` },
  });

/** Starts another process on the same database, with its own configuration. */
export async function withProcess(
  change: (config: Config) => Partial<Config>,
  use: (caller: Caller) => Promise<void>,
): Promise<void> {
  const { config } = gatehouse;
  const started = await startGateway({ ...config, ...change(config) }, pino({ level: 'silent' }));
  const caller = createCaller(`http://127.0.0.1:${started.port}`, 50);
  try {
    await started.ready;
    await use(caller);
  } finally {
    await caller.close();
    await started.stop();
  }
}

export function useTokens(): void {
  beforeAll(async () => {
    canary = createServer((_req, res) => {
      canaryHits += 1;
      res.end(JSON.stringify({ keys: [otherJwk] }));
    });
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    gatehouse = await startTestApp({ replicas: 3 });
    callers = gatehouse.urls.map((url) => createCaller(url));
    registry = createClientRegistry(gatehouse.database.db);
    client = await gatehouse.createClient();
    await gatehouse.createClient({
      tokenIssuer: gatehouse.issuer.url,
      tokenSubject: 'system:billing',
    });
    await gatehouse.provision('acme');
    const pair = await generateKeyPair('ES256', { extractable: true });
    otherKey = pair.privateKey;
    otherJwk = { ...(await exportJWK(pair.publicKey)), kid: 'key-1', alg: 'ES256' };
  });
  afterAll(async () => {
    await Promise.all(callers.map((caller) => caller.close()));
    await new Promise((resolve) => canary.close(resolve));
    await gatehouse.stop();
  });
}
