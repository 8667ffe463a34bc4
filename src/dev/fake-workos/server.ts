/**
 * A fake WorkOS on loopback, for development and tests: stateful, reached over HTTP by the real SDK,
 * with faults on demand.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addConnection } from './sso/connections.ts';
import { createDataControls, type DataControls } from './controls/data-controls.ts';
import { addDirectory } from './directories/directories.ts';
import { createEventControls, type EventControls } from './controls/event-controls.ts';
import { isControl, performControl } from './controls/http-controls.ts';
import { checkFault } from './faults/check-fault.ts';
import { createFaults, type Fault } from './faults/faults.ts';
import { createHandler, performOperation } from './handler.ts';
import type { Reply, RoutedRequest } from './http/operation.ts';
import { createRequestLog, type RecordedRequest } from './http/request-log.ts';
import { createSignInControls, type SignInControls } from './controls/sign-in-controls.ts';
import { loadState, saveState } from './state/state-file.ts';
import type { Connection } from './state/connections.ts';
import type { Directory } from './state/directories.ts';
import type { Organization } from './state/organizations.ts';
import type { State } from './state/state.ts';
import type { WebhookEndpoint } from './events/webhook-attempts.ts';
import { createWebhookSender, RETRIES_MS, type WebhookSender } from './events/webhook-sender.ts';
import { createWorld, type Limits, type World } from './state/world.ts';

export type { Fault } from './faults/faults.ts';
export type { RecordedRequest } from './http/request-log.ts';
export type * from './state/connections.ts';
export type * from './state/directories.ts';
export type * from './state/organizations.ts';
export type * from './state/portal.ts';
export type * from './state/sign-in.ts';
export type * from './state/state.ts';

export interface FakeWorkosOptions {
  /** Default: a free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The origin under which browsers and clients reach it. Default: host and port. */
  url?: string;
  /** Offers the controls over HTTP as well, to whoever has the API key: `POST /_fake/addConnection`. */
  httpControls?: boolean;
  /** The only accepted API key. Default sk_test_fake. */
  apiKey?: string;
  /** Default client_fake. */
  clientId?: string;
  /** Allowed redirect URIs, compared exactly. Default: any is allowed. */
  redirectUris?: readonly string[];
  /** File that keeps the state across restarts. Default: in memory only. */
  stateFile?: string;
  /** WorkOS's rate limits, off by default: `{ directoryUsersPerSecond: 4 }`. */
  limits?: Partial<Limits>;
  /** Receivers of webhooks. Default none; `addWebhookEndpoint` adds more. */
  webhookEndpoints?: readonly WebhookEndpoint[];
  /** Pause before each retry of a delivery, in milliseconds. Default: six retries over 43 minutes. */
  webhookRetriesMs?: readonly number[];
  now?: () => Date;
}

export interface FakeWorkos extends SignInControls, DataControls, EventControls {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly clientId: string;
  /** When empty, any redirect URI is allowed. */
  readonly redirectUris: Set<string>;
  /** May be changed at any time. */
  readonly limits: Limits;
  /** API requests, oldest first, without requests for pages. */
  readonly requests: RecordedRequest[];
  /** @param operation `POST /portal/generate_link`, `GET /organizations/external_id/*` */
  requestsTo(operation: string): RecordedRequest[];
  /**
   * Faults with `times` apply first, in the order they were added; then the newest one without
   * `times`, which stays until `clearFaults()`. @throws Error if no request would ever meet it
   */
  fault(operation: string, fault: Fault, options?: { times?: number }): void;
  clearFaults(): void;
  /** Does what the request would do, without HTTP, faults or a trace in `requests`. */
  perform(request: Pick<RoutedRequest, 'method' | 'path' | 'body'>): Promise<Reply>;
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly state: State;
  addConnection(organizationId: string, given?: Partial<Connection>): Connection;
  addDirectory(organizationId: string, given?: Partial<Directory>): Directory;
  /** Closes every connection, including those a fault holds open. */
  stop(): Promise<void>;
}

export async function startFakeWorkos(options: FakeWorkosOptions = {}): Promise<FakeWorkos> {
  const { apiKey = 'sk_test_fake', clientId = 'client_fake', now = () => new Date() } = options;
  const { host = '127.0.0.1', port: requestedPort = 0 } = options;
  const state = loadState(options.stateFile);
  const server = createServer().listen(requestedPort, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = options.url ?? `http://${host}:${port}`;
  const redirectUris = new Set(options.redirectUris);
  const limits = { directoryUsersPerSecond: Infinity, ...options.limits };
  const world = createWorld({ state, now, url, apiKey, clientId, redirectUris, limits });
  const webhooks = createWebhooks(options, world);
  const [faults, log] = [createFaults(), createRequestLog()];
  const save = () => {
    if (options.stateFile !== undefined) saveState(options.stateFile, state);
  };
  const saved = <T>(result: T): T => (save(), result);
  const authorization = `Bearer ${apiKey}`;
  const handle = createHandler({ world, faults, log, saveState: save });
  server.on('request', (request, response) => {
    if (options.httpControls && isControl(request))
      performControl({ ...fake }, apiKey, request, response);
    else handle(request, response);
  });
  const fake: FakeWorkos = {
    url,
    port,
    apiKey,
    clientId,
    redirectUris,
    limits,
    requests: log.requests,
    requestsTo: log.requestsTo,
    fault: (operation, fault, { times } = {}) => {
      checkFault(operation, fault);
      faults.add(operation, fault, times);
    },
    clearFaults: faults.clear,
    perform: async (request) =>
      saved(await performOperation({ ...request, query: {}, headers: { authorization } }, world)),
    organizations: state.organizations,
    state,
    addConnection: (id, given) => saved(addConnection(world, id, given)),
    addDirectory: (id, given) => saved(addDirectory(world, id, given)),
    ...createSignInControls(world, log, saved),
    ...createDataControls(world, saved),
    ...createEventControls(world, webhooks, saved),
    async stop() {
      await Promise.all([webhooks.stop(), stop(server)]);
    },
  };
  return fake;
}

/** Sends events that happen from now on; earlier ones are not sent. */
function createWebhooks(options: FakeWorkosOptions, { now, feed }: World): WebhookSender {
  const { webhookEndpoints = [], webhookRetriesMs: retriesMs = RETRIES_MS } = options;
  const webhooks = createWebhookSender({ now, retriesMs });
  for (const endpoint of webhookEndpoints) webhooks.add(endpoint);
  feed.deliver = (event) => webhooks.send(event);
  feed.endpoints = webhooks.endpoints;
  return webhooks;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
