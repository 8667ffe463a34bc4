import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { openJobs } from '../../../src/db/jobs.ts';
import { freePort } from '../../../src/dev/embedded-postgres.ts';
import { createApplier } from '../../../src/events/apply/applier.ts';
import type { IncomingEvent } from '../../../src/events/inbox/event.ts';
import { toClientEvent } from '../../../src/events/feed/client-event.ts';
import { insertEvents } from '../../../src/events/inbox/store.ts';
import { startDeliveries, type Deliveries } from '../../../src/webhooks/delivery/deliveries.ts';
import { createMessageStore } from '../../../src/webhooks/messages-store.ts';
import type { Outcome } from '../../../src/webhooks/attempt.ts';
import type { DeliveryJob, DeliveryJobs } from '../../../src/webhooks/delivery-jobs.ts';
import {
  answering,
  badServers,
  onRequest,
  resolving,
  silent,
  type Serve,
} from '../../support/bad-servers.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import { organizationOf } from '../../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../../support/test-app.ts';
import { workosEvent } from '../../support/workos-events.ts';
import { waitFor } from '../../support/wait-for.ts';
import { within } from '../../support/within.ts';

const TIMEOUT_MS = 1_000;
/** Of the same endpoint. */
const EVENTS = 2;
const WARN = 40;
/** Our own limit for the whole attempt has no code; undici's for a part of it have. */
const ANY_TIMEOUT = /^(undefined|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/;
const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');

interface Bad {
  readonly server?: Serve;
  /** Instead of a server of its own; `CLOSED` stands for a port where nothing listens. */
  readonly origin?: string;
  /** A certificate signed by itself, or `none`: it does not speak TLS on an https port. */
  readonly tls?: 'self-signed' | 'none';
  readonly outcome: Outcome;
  readonly status?: number;
  /** The code that the log has, if there is one. */
  readonly code?: RegExp;
}

const BAD: Readonly<Record<string, Bad>> = {
  'has a name that does not exist': {
    origin: 'http://nowhere.svc:8080',
    outcome: 'name_not_resolved',
    code: /^ENOTFOUND$/,
  },
  'has a name that no name server answers for': {
    origin: 'http://later.svc:8080',
    outcome: 'name_not_resolved',
    code: /^EAI_AGAIN$/,
  },
  'has a name that leads to a metadata service': {
    origin: 'http://metadata.svc:8080',
    outcome: 'address_refused',
  },
  'has a closed port': {
    origin: 'http://127.0.0.1:CLOSED',
    outcome: 'connection_refused',
    code: /^ECONNREFUSED$/,
  },
  'has a closed port on each of two addresses': {
    origin: 'http://localhost:CLOSED',
    outcome: 'connection_refused',
    code: /^ECONNREFUSED$/,
  },
  'resets the connection': {
    server: onRequest((socket) => socket.resetAndDestroy()),
    outcome: 'connection_reset',
    code: /^ECONNRESET$/,
  },
  'closes the connection at once': {
    server: (socket) => socket.destroy(),
    outcome: 'connection_reset',
    code: /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
  },
  'closes the connection before it answers': {
    server: onRequest((socket) => socket.end()),
    outcome: 'connection_reset',
    code: /^UND_ERR_SOCKET$/,
  },
  'closes the connection in the middle of its headers': {
    server: onRequest((socket) => socket.end('HTTP/1.1 200 OK\r\nX-')),
    outcome: 'connection_reset',
    code: /^UND_ERR_SOCKET$/,
  },
  'says nothing': { server: silent, outcome: 'timeout', code: ANY_TIMEOUT },
  'begins an answer that never ends': {
    server: answering('HTTP/1.1 200 OK\r\nX-'),
    outcome: 'timeout',
    code: ANY_TIMEOUT,
  },
  'says nothing where TLS should begin': {
    server: silent,
    tls: 'none',
    outcome: 'timeout',
    code: ANY_TIMEOUT,
  },
  'answers garbage': {
    server: answering(Buffer.from([0, 255, 22, 3, 1, 13, 10, 13, 10])),
    outcome: 'invalid_answer',
    code: /^HTTPParserError$/,
  },
  'answers with 100 KB of headers': {
    server: answering(`HTTP/1.1 200 OK\r\nX-Large: ${'x'.repeat(100 * 1024)}\r\n\r\n`),
    outcome: 'invalid_answer',
    code: /^UND_ERR_HEADERS_OVERFLOW$/,
  },
  'has a certificate that it signed itself': {
    server: answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
    tls: 'self-signed',
    outcome: 'tls_failed',
    code: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
  },
  'answers without TLS on an https port': {
    server: answering('HTTP/1.1 400 Bad Request\r\n\r\n'),
    tls: 'none',
    outcome: 'tls_failed',
    code: /^(EPROTO|ERR_SSL_\w+)$/,
  },
  redirects: {
    server: answering(
      'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    ),
    outcome: 'redirected',
    status: 302,
  },
  'answers an error that is huge': {
    server: answering('HTTP/1.1 500 Oh\r\nContent-Length: 99999999\r\n\r\n', MEGABYTE, MEGABYTE),
    outcome: 'refused',
    status: 500,
  },
  'answers 200 and a huge body': {
    server: answering('HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n', MEGABYTE, MEGABYTE),
    outcome: 'delivered',
    status: 200,
  },
};

const resolve = resolving({
  'nowhere.svc': 'ENOTFOUND',
  'later.svc': 'EAI_AGAIN',
  'metadata.svc': ['169.254.169.254'],
  localhost: ['127.0.0.1', '127.0.0.2'],
});

const servers = badServers();
const lines: string[] = [];
/** Errors that nobody handled, which would end a worker. */
const fatal: unknown[] = [];
const onFatal = (error: unknown) => void fatal.push(error);
let gatehouse: TestApp;
let receiver: Receiver;
let jobs: DeliveryJobs;
let deliveries: Deliveries;
/** What it does wrong → the id of the endpoint. */
const endpoints = new Map<string, string>();
const urls: string[] = [];
let bad: TestClient;
let organization: string;
let healthyMs: number;

beforeAll(async () => {
  process.on('unhandledRejection', onFatal).on('uncaughtException', onFatal);
  gatehouse = await startTestApp({
    env: {
      WEBHOOK_ENDPOINT_ORIGINS:
        'http://127.0.0.1:*,https://127.0.0.1:*,http://localhost:*,http://*.svc:*',
    },
  });
  receiver = await startReceiver();
  await gatehouse.provision('acme');
  organization = await organizationOf(gatehouse, 'acme');
  bad = await createReader();
  for (const [name, one] of Object.entries(BAD)) {
    const url = `${await originOf(one)}/secret-path-of-${endpoints.size}`;
    urls.push(url);
    endpoints.set(name, await makeEndpoint(bad, url));
  }
  await makeEndpoint(await createReader(), receiver.url);
  startDelivering();

  const began = performance.now();
  await happen(EVENTS);
  await waitFor(() => receiver.received.length >= EVENTS, { withinMs: 10_000 });
  healthyMs = performance.now() - began;
  await waitFor(async () => (await jobs.backlog()).waiting === 0, {
    withinMs: 10_000,
    what: 'all attempts',
  });
});
afterAll(async () => {
  await deliveries.stop();
  await jobs.stop();
  await Promise.all([servers.stop(), receiver.stop()]);
  await gatehouse.stop();
  process.off('unhandledRejection', onFatal).off('uncaughtException', onFatal);
});

const createReader = () =>
  gatehouse.createClient({ scopes: ['events:read', 'webhooks:write'], tenants: ['acme'] });

async function originOf({ origin, server = silent, tls }: Bad): Promise<string> {
  if (origin !== undefined) return origin.replace('CLOSED', String(await freePort()));
  const certificate =
    tls === 'self-signed' ? makeCertificate({ address: [127, 0, 0, 1] }) : undefined;
  return `${tls ? 'https' : 'http'}://127.0.0.1:${await servers.listen(server, certificate)}`;
}

async function makeEndpoint(by: TestClient, url: string): Promise<string> {
  const body = { endpoint_url: url, events: ['connection.activated'] };
  const made = await gatehouse.as(by).post('/webhook_endpoints').send(body).expect(201);
  return (made.body as { id: string }).id;
}

function startDelivering(): void {
  const { db } = gatehouse.database;
  jobs = openJobs<DeliveryJob>({ db, queue: 'deliveries' });
  deliveries = startDeliveries({
    db,
    jobs,
    keys: gatehouse.config.keys,
    origins: gatehouse.config.webhookOrigins,
    logger: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    isReady: () => true,
    toClientEvent,
    onAttempt: () => undefined,
    onBacklog: () => undefined,
    onKeys: () => undefined,
    schedule: [],
    everyMs: 20,
    timeoutMs: TIMEOUT_MS,
    resolve,
  });
}

/** As the worker does: into the inbox, and applied with what follows. */
async function happen(count: number): Promise<void> {
  const { db } = gatehouse.database;
  const event = (): IncomingEvent =>
    workosEvent('connection.activated', { object: 'connection', organization_id: organization });
  await insertEvents(db, Array.from({ length: count }, event), 'feed');
  const handlers = [createMessageStore(db, jobs).fanOut];
  await createApplier({ db, handlers, onFailure: ({ error }) => onFatal(error) }).applyWaiting();
}

interface Attempt {
  readonly outcome: string;
  readonly status: number | null;
}

async function attemptsAt(name: string): Promise<Attempt[]> {
  const path = `/v1/webhook-endpoints/${endpoints.get(name) ?? ''}/deliveries?limit=100`;
  const res = await gatehouse.as(bad).get(path).expect(200);
  return (res.body as { data: Attempt[] }).data;
}

it('does not delay the healthy endpoint of another client', () => {
  expect(healthyMs).toBeLessThan(within(5_000));
});

it.each(Object.entries(BAD))(
  'shows the outcome to the client if the endpoint %s',
  async (name, { outcome, status = null }) => {
    const seen = (await attemptsAt(name)).map((one) => [one.outcome, one.status]);

    expect(seen).toEqual(Array(EVENTS).fill([outcome, status]));
  },
);

it.each(Object.entries(BAD))(
  'shows the outcome to the operator if the endpoint %s',
  (name, { outcome, status, code }) => {
    const logged = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.endpoint === endpoints.get(name));

    expect(logged).toHaveLength(status === undefined ? EVENTS : 0);
    for (const line of logged)
      expect([line.level, line.outcome, String(line.code)]).toEqual([
        WARN,
        outcome,
        expect.stringMatching(code ?? /^undefined$/),
      ]);
  },
);

it('does not log the URL or a part of it', () => {
  const parts = ['secret-path', '.svc', ...urls.map((url) => new URL(url).host)];

  expect(lines.filter((line) => parts.some((part) => line.includes(part)))).toEqual([]);
});

it('keeps running and delivering', async () => {
  await happen(1);
  await waitFor(() => receiver.received.length > EVENTS);

  expect(fatal).toEqual([]);
});
