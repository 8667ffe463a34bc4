import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { insertEvents } from '../../src/events/inbox/store.ts';
import { startWorker } from '../../src/process/worker.ts';
import { ATTRIBUTES, DATABASE } from '../../src/process/tracing/attributes.ts';
import { startCollector, type Collector, type CollectedSpan } from '../support/collector.ts';
import { createLaunch, openLaunchPage } from '../support/portal-calls.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import {
  authorizePath,
  connect,
  createBrowser,
  exchange,
  grant,
  login,
  organizationOf,
  profileOf,
  REDIRECT_URI,
  signIn,
} from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { workosEvent } from '../support/workos-events.ts';
import { waitFor } from '../support/wait-for.ts';

const PARENT = { trace: 'a'.repeat(32), span: 'b'.repeat(16) };
/** Of a request for which more than one line is logged. */
const REFUSED = { trace: 'e'.repeat(32), span: 'f'.repeat(16) };
const STRANGER = { trace: 'c'.repeat(32), span: 'd'.repeat(16) };
const traceparent = ({ trace, span }: typeof PARENT) => ({
  traceparent: `00-${trace}-${span}-01`,
  tracestate: 'vendor=TRACESTATE',
  baggage: 'user=BAGGAGE',
});

let collector: Collector;
let sibling: Receiver;
let gatehouse: TestApp;
let client: TestClient;
/** Everything that must be in no trace. */
const secrets: string[] = ['ada@example.com', 'TRACESTATE', 'BAGGAGE'];
const keep = (...texts: readonly unknown[]): void => {
  secrets.push(...texts.filter((text) => typeof text === 'string' && text.length > 8).map(String));
};
let spans: CollectedSpan[] = [];
/** The names of the headers of each request. */
let sentToWorkos: string[][] = [];

beforeAll(async () => {
  [collector, sibling] = await Promise.all([startCollector(), startReceiver()]);
  gatehouse = await startTestApp({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=collector%20key,x-tenant=a==',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      WEBHOOK_ENDPOINT_ORIGINS: sibling.url,
    },
  });
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  keep(client.key, gatehouse.workos.apiKey, ...gatehouse.config.keys.map((key) => key.reveal()));
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme', 'GenericOIDC');
  await getLinks();
  await signInAndFail();
  await beRefused();
  await deliver();
  keep(...gatehouse.workos.state.portalSessions.keys());
  sentToWorkos = gatehouse.workos.requests.map(({ headers }) => Object.keys(headers));
  await gatehouse.stop();
  spans = collector.spans();
}, 120_000);

afterAll(async () => {
  await Promise.all([collector.stop(), sibling.stop()]);
});

async function getLinks(): Promise<void> {
  const admin = await gatehouse.userToken();
  keep(admin);
  const link = await gatehouse
    .as(client, admin)
    .post('/portal/generate_link')
    .set(traceparent(PARENT))
    .set('x-request-id', 'link-1')
    .send({
      organization: 'acme',
      intent: 'sso',
      return_url: 'https://app.example.com/back?secret=1',
    });
  keep((link.body as { link: string }).link);
  const { ticket, url } = await createLaunch(gatehouse, client, { userToken: admin });
  const opened = await openLaunchPage(gatehouse.url, { ticket }, traceparent(STRANGER));
  keep(ticket, url, opened.headers.location);
}

async function signInAndFail(): Promise<void> {
  const { code, upstreamCode, onward } = await signIn(gatehouse, client, {
    query: { state: 'STATE-OF-THE-SIBLING', login_hint: 'ada@example.com' },
  });
  keep(code, upstreamCode, onward.search, 'STATE-OF-THE-SIBLING');
  const { body } = await exchange(gatehouse, grant(client, code), { headers: traceparent(PARENT) });
  keep(body.access_token);
  await profileOf(gatehouse, String(body.access_token));
  await exchange(gatehouse, grant(client, code));
  await exchange(gatehouse, { ...grant(client, code), client_secret: 'WRONG-SECRET-1234' });
  keep('WRONG-SECRET-1234');
  const failed = await login(gatehouse, client, { error: 'access_denied' });
  keep(failed.back.search);
  await failed.browser.get(failed.back);
  await createBrowser(gatehouse).get('/sso/callback?code=CODE-OF-A-STRANGER&state=FORGED-STATE');
  await createBrowser(gatehouse).get(
    authorizePath(client, { state: 'UNKNOWN-TENANT', organization: 'nobody' }),
  );
  keep('CODE-OF-A-STRANGER', 'FORGED-STATE', 'UNKNOWN-TENANT');
}

async function beRefused(): Promise<void> {
  const { workos } = gatehouse;
  keep('WRONG-KEY-12345', 'mallory@example.com', 'PATH-OF-A-STRANGER');
  await gatehouse.anonymous
    .get('/v1/tenants/acme')
    .set({ authorization: 'Bearer WRONG-KEY-12345', ...traceparent(STRANGER) });
  await gatehouse.anonymous.get('/PATH-OF-A-STRANGER?ticket=PATH-OF-A-STRANGER');
  await gatehouse.as(client).get('/v1/tenants/mallory@example.com');
  for (const given of [
    'garbage',
    `00-${'0'.repeat(32)}-${PARENT.span}-01`,
    `ff-${PARENT.trace}-${PARENT.span}-01`,
  ])
    await gatehouse.as(client).get('/v1/tenants/acme').set('traceparent', given);
  workos.fault('POST /portal/generate_link', { kind: 'status', status: 500 });
  await gatehouse
    .as(client, await gatehouse.userToken())
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'dsync' });
  workos.fault('POST /portal/generate_link', { kind: 'status', status: 401 });
  await gatehouse
    .as(client, await gatehouse.userToken())
    .post('/portal/generate_link')
    .set(traceparent(REFUSED))
    .send({ organization: 'acme', intent: 'dsync', surprise: 1 });
  workos.clearFaults();
}

async function deliver(): Promise<void> {
  const created = await gatehouse
    .as(client)
    .post('/webhook_endpoints')
    .send({
      endpoint_url: `${sibling.url}/hook?secret=URL-SECRET`,
      events: ['connection.activated'],
    });
  keep((created.body as { secret: string }).secret, 'URL-SECRET');
  const worker = await startWorker(gatehouse.config, pino({ level: 'silent' }));
  await worker.ready;
  await insertEvents(
    gatehouse.database.db,
    [
      workosEvent('connection.activated', {
        object: 'connection',
        id: 'conn_1',
        organization_id: await organizationOf(gatehouse, 'acme'),
      }),
    ],
    'feed',
  );
  await waitFor(() => sibling.received.length > 0, { withinMs: 60_000, what: 'the delivery' });
  await worker.stop();
}

const named = (name: string) => spans.filter((span) => span.name === name);
const byId = (spanId: string | undefined) => spans.find((span) => span.spanId === spanId);
const isRoot = ({ parentSpanId = '' }: CollectedSpan) => parentSpanId === '';

describe('a trace', () => {
  it('holds a request, its statements and its calls to WorkOS', () => {
    const [server] = named('POST /portal/generate_link');
    const below = spans.filter(({ parentSpanId }) => parentSpanId === server?.spanId);

    expect(server).toMatchObject({
      kind: 2,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/portal/generate_link',
        'http.response.status_code': 201,
        'gatehouse.operation': 'generatePortalLink',
        'gatehouse.client_id': client.id,
        'gatehouse.tenant_id': 'acme',
        'gatehouse.request_id': 'link-1',
      },
    });
    expect(below.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['it-admin-states', 'audit trail', 'WorkOS portal', 'release-links']),
    );
    expect(below.find(({ name }) => name === 'WorkOS portal')).toMatchObject({
      kind: 3,
      attributes: {
        'gatehouse.workos.class': 'portal',
        'http.request.method': 'POST',
        'http.response.status_code': 201,
        'server.address': '127.0.0.1',
      },
    });
  });

  it('names the process', () => {
    const roles = new Set(spans.map(({ resource }) => resource['gatehouse.role']));

    expect([...roles].sort()).toEqual(['gateway', 'worker']);
    expect(spans[0]?.resource).toMatchObject({
      'service.name': 'gatehouse',
      'service.version': expect.any(String),
      'deployment.environment.name': 'test',
    });
    expect(collector.received[0]?.headers).toMatchObject({
      'x-key': 'collector key',
      'x-tenant': 'a==',
    });
  });

  it('has an error where WorkOS or Gatehouse failed, and each attempt with its number', () => {
    const [request] = named('POST /portal/generate_link').filter(({ status }) => status.code === 2);
    const attempts = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);

    expect(request?.attributes).toMatchObject({
      'http.response.status_code': 502,
      'gatehouse.problem': 'upstream-error',
      'error.type': 'upstream-error',
    });
    const failed = attempts.filter(({ name }) => name === 'WorkOS portal');
    expect(failed.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
    ]);
    expect(failed.map(({ status }) => status.code)).toEqual([2, 2]);
  });

  it('is one for each batch of events that was applied, and for each delivery', () => {
    const [delivery] = named('POST webhook endpoint');

    const applying = named('apply events').filter(
      ({ attributes }) => Number(attributes['gatehouse.events_applied']) > 0,
    );
    expect(applying.length).toBeGreaterThan(0);
    expect(applying.every(({ kind }) => kind === 1)).toBe(true);
    expect(named('leadership').map(({ attributes }) => attributes['gatehouse.leading'])).toEqual([
      true,
      false,
    ]);
    expect(byId(delivery?.parentSpanId)).toMatchObject({ name: 'deliver event' });
    expect(delivery).toMatchObject({
      kind: 3,
      attributes: {
        'gatehouse.event.name': 'connection.activated',
        'gatehouse.webhook.outcome': 'delivered',
        'http.response.status_code': 200,
      },
    });
  });

  it('holds nothing of tasks that found nothing to do', () => {
    const names = spans.filter(isRoot).map(({ name }) => name);

    expect(names).not.toContain('reconcile');
    expect(names).not.toContain('prune idempotency keys');
  });
});

describe('the trace of a caller', () => {
  it('is continued for a client, also for one that authenticates in its body', () => {
    const continued = spans.filter(({ parentSpanId }) => parentSpanId === PARENT.span);

    expect(continued.map(({ name }) => name).sort()).toEqual([
      'POST /portal/generate_link',
      'POST /sso/token',
    ]);
    expect(continued.every(({ traceId }) => traceId === PARENT.trace)).toBe(true);
  });

  it('is not continued for strangers and browsers, nor from a malformed header', () => {
    expect(spans.filter(({ traceId }) => traceId === STRANGER.trace)).toEqual([]);
    expect(named('GET /v1/tenants/{tenant_id}').filter(isRoot).length).toBe(5);
  });

  it('goes on to siblings without its state, and never to WorkOS or an issuer', () => {
    const [delivery] = named('POST webhook endpoint');
    const [received] = sibling.received;

    expect(received?.headers.traceparent).toBe(
      `00-${delivery?.traceId ?? ''}-${delivery?.spanId ?? ''}-01`,
    );
    expect(received?.headers).not.toHaveProperty('tracestate');
    expect(received?.headers).not.toHaveProperty('baggage');
    expect(sentToWorkos.length).toBeGreaterThan(5);
    expect(
      sentToWorkos.filter((names) => names.some((name) => /^(trace|baggage)/.test(name))),
    ).toEqual([]);
  });

  it('is named in the log line of the request', () => {
    const [line] = gatehouse.logs.filter((text) => text.includes('"link-1"'));

    expect(JSON.parse(line ?? '{}')).toMatchObject({
      request_id: 'link-1',
      trace_id: PARENT.trace,
    });
  });

  it('is named in every log line that was written for the request', () => {
    const lines = gatehouse.logs.filter((line) => line.includes(REFUSED.trace));

    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      expect.stringMatching(/^WorkOS refuses the API key/),
      'request',
      expect.stringMatching(/^fields that the operation does not have/),
    ]);
  });
});

describe('spans', () => {
  it('hold no secret, address or text of a caller', () => {
    const sent = collector.on('/v1/traces').map(({ body }) => body);

    expect(spans.length).toBeGreaterThan(50);
    expect(secrets.length).toBeGreaterThan(25);
    expect(secrets.filter((secret) => sent.some((body) => body.includes(secret)))).toEqual([]);
    expect(
      sent.filter((body) => /https?:|[?&]\w+=|@/.test(body.replaceAll('@opentelemetry', ''))),
    ).toEqual([]);
  });

  it('have the attributes of a fixed list, no events and no status texts', () => {
    const known = new Set<string>([...Object.values(ATTRIBUTES), ...Object.keys(DATABASE)]);
    const names = new Set(spans.flatMap(({ attributes }) => Object.keys(attributes)));

    expect([...names].filter((name) => !known.has(name))).toEqual([]);
    expect(spans.flatMap(({ events }) => events)).toEqual([]);
    expect(spans.filter(({ status }) => status.message)).toEqual([]);
  });
});

describe('docs/tracing.md', () => {
  it('lists every attribute', () => {
    const text = readFileSync('docs/tracing.md', 'utf8');
    const listed = [...text.matchAll(/^\| `([a-z_]+(?:\.[a-z_]+)+)` /gm)].map(([, name]) => name);

    expect(listed.sort()).toEqual([...Object.values(ATTRIBUTES), ...Object.keys(DATABASE)].sort());
  });
});
