/**
 * WorkOS on loopback, for development and tests: stateful, reached over HTTP by the real SDK, and
 * able to misbehave on demand.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { idpInitiated, signIn, userFor, type SignInOptions } from './browser.ts';
import { issueCode } from './codes.ts';
import { addConnection } from './connections.ts';
import { addDirectory } from './directories.ts';
import { createFaults, type Fault } from './faults.ts';
import { createHandler } from './handler.ts';
import { deleteOrganization } from './organizations.ts';
import { profileOf, providerOf, saveUser } from './profiles.ts';
import { createRequestLog, type RecordedRequest } from './request-log.ts';
import { loadState, saveState } from './state-file.ts';
import type { Connection, Directory, Organization, Profile, State } from './state.ts';
import { createWorld } from './world.ts';

export type { SignInOptions } from './browser.ts';
export type { Fault } from './faults.ts';
export type { RecordedRequest } from './request-log.ts';
export type * from './state.ts';

export interface FakeWorkosOptions {
  /** Default: one the system chooses. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The one key that is accepted. Default sk_test_fake. */
  apiKey?: string;
  /** Default client_fake. */
  clientId?: string;
  /** Those a sign-in may come back to, compared exactly. Default none: any is accepted. */
  redirectUris?: readonly string[];
  /** Where the state is kept across restarts. Undefined: in memory only. */
  stateFile?: string;
  now?: () => Date;
}

export interface FakeWorkos {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly clientId: string;
  /** Empty: any is accepted. */
  readonly redirectUris: Set<string>;
  /** The API's requests, oldest first; the portal's pages are not among them. */
  readonly requests: RecordedRequest[];
  /** @param operation `POST /portal/generate_link`, `GET /organizations/external_id/*` */
  requestsTo(operation: string): RecordedRequest[];
  /**
   * Faults with `times` come first, in the order given; then the newest without, which stays
   * until `clearFaults()`.
   */
  fault(operation: string, fault: Fault, options?: { times?: number }): void;
  clearFaults(): void;
  readonly organizations: ReadonlyMap<string, Organization>;
  readonly state: State;
  addConnection(organizationId: string, given?: Partial<Connection>): Connection;
  addDirectory(organizationId: string, given?: Partial<Directory>): Directory;
  deleteOrganization(organizationId: string): void;
  /** A user of a connection: known by `id`, `idp_id` or `email` and then changed, or new. */
  addUser(connectionId: string, user: Partial<Profile>): Profile;
  /**
   * Opens an authorization URL of this fake and sends the login page's form.
   * @param options.user default: the connection's first; another `organization_id` or
   *   `connection_id` makes a profile that is of another place than the one asked for
   * @param options.error the code to come back with instead
   * @returns where the browser is sent: the redirect URI with a code, or with an error
   * @throws Error where `/sso/authorize` shows an error page
   */
  signIn(authorizeUrl: string, options?: SignInOptions): Promise<URL>;
  /** A sign-in that began at the identity provider: a code, or an error, and no state. */
  idpInitiated(
    connectionId: string,
    redirectUri: string,
    user?: Partial<Profile>,
    error?: string,
  ): Promise<URL>;
  /** A code that nobody asked for: `query` is what `/sso/authorize` would have been asked. */
  issueCode(
    connectionId: string,
    options?: { user?: Partial<Profile>; query?: Record<string, string> },
  ): string;
  /** Where `/sso/logout` ends for users of a connection; a page that says so without. */
  setPostLogoutUri(connectionId: string, uri: string): void;
  /** Whose code it is. */
  profileOf(code: string): Profile;
  /** How often `POST /sso/token` was called with the code, whatever came of it. */
  tokenCalls(code: string): number;
  /** Closes every connection, also those a fault holds open. */
  stop(): Promise<void>;
}

export async function startFakeWorkos(options: FakeWorkosOptions = {}): Promise<FakeWorkos> {
  const { host = '127.0.0.1', apiKey = 'sk_test_fake', clientId = 'client_fake' } = options;
  const state = loadState(options.stateFile);
  const server = createServer().listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://${host}:${port}`;
  const now = options.now ?? (() => new Date());
  const redirectUris = new Set(options.redirectUris);
  const world = createWorld({ state, now, url, apiKey, clientId, redirectUris });
  const [faults, log] = [createFaults(), createRequestLog()];
  const changed = () => {
    if (options.stateFile !== undefined) saveState(options.stateFile, state);
  };
  const saved = <T>(result: T): T => (changed(), result);
  server.on('request', createHandler({ world, faults, log, changed }));

  return {
    url,
    port,
    apiKey,
    clientId,
    redirectUris,
    requests: log.requests,
    requestsTo: log.requestsTo,
    fault: (operation, fault, { times } = {}) => faults.add(operation, fault, times),
    clearFaults: faults.clear,
    organizations: state.organizations,
    state,
    addConnection: (id, given) => saved(addConnection(world, id, given)),
    addDirectory: (id, given) => saved(addDirectory(world, id, given)),
    deleteOrganization: (id) => {
      deleteOrganization(world, id);
      changed();
    },
    addUser: (id, user) => saved(saveUser(world, providerOf(world, id), user)),
    signIn: (authorizeUrl, given) => signIn(world, authorizeUrl, given),
    idpInitiated: (id, redirectUri, user, error) =>
      Promise.resolve(saved(idpInitiated(world, id, redirectUri, user, error))),
    issueCode: (id, { user, query } = {}) =>
      saved(issueCode(world, userFor(world, providerOf(world, id), user).id, query).code),
    setPostLogoutUri: (id, uri) => {
      saved(state.postLogoutUris.set(id, uri));
    },
    profileOf: (code) => profileOf(world, state.codes.get(code)?.profile_id ?? code),
    tokenCalls: (code) =>
      log
        .requestsTo('POST /sso/token')
        .filter(({ body }) => (body as { code?: unknown } | undefined)?.code === code).length,
    stop: () => stop(server),
  };
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
