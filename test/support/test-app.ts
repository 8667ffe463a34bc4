import { Agent as Connections } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import supertest, { type Agent, type Test } from 'supertest';
import { operator } from '../../src/cli/operator.ts';
import type { NewClient } from '../../src/clients/registration.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { loadConfig, type Config } from '../../src/config/config.ts';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { startGateway, type Gatehouse } from '../../src/process/gateway.ts';
import { traceOfLines } from '../../src/process/logger.ts';
import { SCOPES } from '../../src/core/identity.ts';
import { startIssuer, type Issuer } from './issuer.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';
import { PUBLIC_URL } from './problem-type.ts';

export interface TestAppOptions {
  /** Settings that differ from the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** How long a call to WorkOS waits for its turn and its place. Default: long enough for a busy machine. */
  readonly workosWaitMs?: number;
  /** How long the return page waits for a change; long enough for it to look twice. */
  readonly returnWaitMs?: number;
  /** How long after WorkOS's first denial of an organization a second one counts. */
  readonly confirmMissingMs?: number;
  /** The pause between two rounds of a replica over unfinished tenants, uncertain changes and missing organizations. Default: an hour, so that no round comes in between. */
  readonly tenantRoundMs?: number;
  /** How many calls to WorkOS may be in progress at once. */
  readonly maxInFlight?: number;
}

export interface TestClient {
  readonly id: string;
  readonly key: string;
}

export interface TestApp {
  /** Of the first replica. */
  readonly url: string;
  readonly urls: readonly string[];
  /** The admin ports of the replicas. */
  readonly adminUrls: readonly string[];
  readonly config: Config;
  readonly database: TestDatabase;
  readonly workos: FakeWorkos;
  readonly issuer: Issuer;
  /** Every log line of every replica, as text. */
  readonly logs: readonly string[];
  readonly anonymous: Agent;
  /** A new client; every scope and tenant unless said otherwise. */
  createClient(fields?: Partial<NewClient>): Promise<TestClient>;
  /** An agent with a client's key, and perhaps a user's token. @param replica default: the first, 0 */
  as(client: TestClient, userToken?: string, replica?: number): Agent;
  /** A user's token: `it_admin` of `acme` unless said otherwise. */
  userToken(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** An active tenant, made the ordinary way. */
  provision(tenantId: string): Promise<void>;
  /** Starts one more replica. */
  startReplica(): Promise<Gatehouse>;
  stop(): Promise<void>;
}

export const RETURN_ORIGIN = 'https://app.example.com';

/** A request of a test waits so long for a session: on a busy machine a process may stand still for a second. */
const LONG_WAIT_MS = 15_000;

/** The whole service on a database of its own, with WorkOS and an identity provider on the wire. */
export async function startTestApp({
  env = {},
  replicas = 1,
  workosWaitMs = LONG_WAIT_MS,
  returnWaitMs = 900,
  confirmMissingMs = 30_000,
  tenantRoundMs = 3_600_000,
  maxInFlight = 256,
}: TestAppOptions = {}): Promise<TestApp> {
  const [database, workos, issuer] = await Promise.all([
    createTestDatabase(),
    startFakeWorkos(),
    startIssuer(),
  ]);
  const logs: string[] = [];
  const settings = loadConfig({
    NODE_ENV: 'test',
    PORT: '0',
    ADMIN_PORT: '0',
    HOST: '127.0.0.1',
    PUBLIC_URL,
    DATABASE_URL: database.url,
    // Opening a session costs the test cluster more than most tests do.
    DATABASE_POOL_MAX: '4',
    WORKOS_API_KEY: workos.apiKey,
    WORKOS_CLIENT_ID: workos.clientId,
    WORKOS_API_BASE_URL: workos.url,
    WORKOS_EXTERNAL_ID_PREFIX: 'gh:test:',
    // More than any test needs that is not about the budget.
    WORKOS_REQUESTS_PER_MINUTE: '600000',
    PORTAL_LINK_HOSTS: '127.0.0.1,setup.workos.com',
    USER_TOKEN_ISSUER: issuer.url,
    USER_TOKEN_AUDIENCE: 'gatehouse',
    USER_TOKEN_JWKS_URL: issuer.jwksUrl,
    USER_TOKEN_COOKIE: 'session',
    CLIENT_TOKEN_ISSUER: issuer.url,
    CLIENT_TOKEN_AUDIENCE: 'gatehouse-clients',
    CLIENT_TOKEN_JWKS_URL: issuer.jwksUrl,
    ...env,
  });
  const logger = pino(
    { level: 'debug', ...traceOfLines(settings) },
    new Writable({
      write(chunk, _encoding, done) {
        logs.push(String(chunk));
        done();
      },
    }),
  );
  // The upstream client reads it beside the settings.
  const workosSettings = { ...settings.workos, maxInFlight, waitMs: workosWaitMs };
  const config: Config = {
    ...settings,
    workos: workosSettings,
    database: { ...settings.database, waitMs: LONG_WAIT_MS },
    returnWaitMs,
    confirmMissingMs,
    // Tests count requests to WorkOS, so that no check of the key may come in between.
    keyCheckMs: 3_600_000,
    tenantRoundMs,
  };
  const running: Gatehouse[] = [];
  const startReplica = async () => {
    const gatehouse = await startGateway(config, logger);
    await gatehouse.ready;
    running.push(gatehouse);
    return gatehouse;
  };
  while (running.length < replicas) await startReplica();
  const urls = running.map(({ port }) => `http://127.0.0.1:${port}`);
  const url = urls[0] ?? '';
  // Kept, as by any client library; supertest would open a connection for each request.
  const connections = new Connections({ keepAlive: true });
  const agentOf = (to: string): Agent =>
    supertest.agent(to).use((request: Test) => void request.agent(connections));
  const registry = createClientRegistry(database.db);
  let clients = 0;
  /** The client that provisions, made when it is first needed. */
  let provisioner: Promise<TestClient> | undefined;

  const app: TestApp = {
    url,
    urls,
    adminUrls: running.map(({ adminPort }) => `http://127.0.0.1:${adminPort}`),
    config,
    database,
    workos,
    issuer,
    logs,
    anonymous: agentOf(url),
    async createClient(fields = {}) {
      clients += 1;
      const client: NewClient = {
        id: `client-${clients}`,
        name: `Client ${clients}`,
        scopes: [...SCOPES],
        tenants: ['*'],
        redirectUris: [],
        returnOrigins: [RETURN_ORIGIN],
        initiateLoginUri: null,
        tokenIssuer: null,
        tokenSubject: null,
        disabled: false,
        ...fields,
      };
      const issued = await registry.create(operator('test'), client, { seconds: null });
      return { id: client.id, key: issued?.key.reveal() ?? '' };
    },
    as(client, userToken, replica = 0) {
      const agent = agentOf(urls[replica] ?? url).set('authorization', `Bearer ${client.key}`);
      return userToken === undefined ? agent : agent.set('gatehouse-user-token', userToken);
    },
    userToken: (claims = {}) =>
      issuer.sign({
        aud: 'gatehouse',
        sub: 'ada',
        tenant_id: 'acme',
        roles: ['it_admin'],
        ...claims,
      }),
    async provision(tenantId) {
      const client = await (provisioner ??= app.createClient());
      const res = await app
        .as(client)
        .put(`/v1/tenants/${tenantId}`)
        .send({ name: `Tenant ${tenantId}` });
      if (res.status !== 201)
        throw new Error(`Provisioning ${tenantId} came to ${res.status} ${res.text}`);
    },
    startReplica,
    async stop() {
      connections.destroy();
      await Promise.all(running.map((gatehouse) => gatehouse.stop()));
      await Promise.all([workos.stop(), issuer.stop()]);
      await database.stop();
    },
  };
  return app;
}
