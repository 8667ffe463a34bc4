/**
 * "Acme Console", the demo product of `npm run dev`: a sibling service that calls Gatehouse, and the
 * identity provider of its users.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message } from '../inbox/message.ts';
import { createGatehouseClient, type GatehouseOptions } from './gatehouse-client.ts';
import { createIdentityProvider, type IdentityProvider } from './identity-provider.ts';
import type { Person } from './person.ts';
import { content, cookieOf, isCrossOrigin, readForm, redirect, send, type Reply } from './http.ts';
import { createRoutes } from './routes.ts';
import { SESSION_COOKIE, type Routes, type Visit } from './visit.ts';
import { openSigningKey } from './signing-key.ts';

export type { Person } from './person.ts';

export interface ProductOptions extends GatehouseOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host: string;
  /** The origin under which browsers reach it. Default: host and port. */
  readonly url?: string;
  /** Directory that keeps the signing key across restarts. */
  readonly keyDirectory: string;
  readonly people: readonly Person[];
  /** The e-mails of Gatehouse. Default: none. */
  readonly mails?: () => readonly Message[];
}

export interface Product {
  readonly url: string;
  readonly jwksUrl: string;
  /** The `iss` of the product's user tokens. */
  readonly issuer: string;
  tokenFor(personId: string): Promise<string>;
  stop(): Promise<void>;
}

/** @throws Error from `listen`, such as EADDRINUSE */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { host, people, keyDirectory, mails = () => [] } = options;
  const key = await openSigningKey(keyDirectory);
  const server = createServer().listen(options.port, host);
  await once(server, 'listening');
  const url = options.url ?? `http://${host}:${(server.address() as AddressInfo).port}`;
  const provider = createIdentityProvider({ issuer: url, key, people });
  const gatehouse = createGatehouseClient(options);
  const routes = createRoutes({ url, people, provider, gatehouse, mails });
  const handle = createHandler(url, provider, routes);
  server.on('request', (request, response) => {
    handle(request)
      .catch(() => content('text/plain', 'Something went wrong.', 500))
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    issuer: url,
    tokenFor: (personId) => provider.tokenFor(personId),
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const createHandler =
  (url: string, provider: IdentityProvider, routes: Routes) =>
  async (request: IncomingMessage): Promise<Reply> => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', url);
    const route = routes[`${request.method ?? ''} ${pathname}`];
    if (!route) return notFound(request.method ?? '', pathname, routes);
    if (isCrossOrigin(request))
      return content('text/plain', 'Cross-site requests are not allowed.', 403);
    // Cookies of localhost and 127.0.0.1 are separate, so redirect to one of them.
    if (request.headers.host?.startsWith('localhost:')) return redirect(url + pathname + search);
    return route(await visitOf(request, searchParams, provider));
  };

function notFound(method: string, pathname: string, routes: Routes): Reply {
  const taken = ['GET', 'POST'].find((other) => routes[`${other} ${pathname}`]);
  return taken === undefined
    ? content('text/plain', 'Page not found.', 404)
    : content('text/plain', `${pathname} takes ${taken}, not ${method}.\n`, 405);
}

async function visitOf(
  request: IncomingMessage,
  query: URLSearchParams,
  provider: IdentityProvider,
): Promise<Visit> {
  const form = request.method === 'POST' ? await readForm(request) : new URLSearchParams();
  const token = cookieOf(request, SESSION_COOKIE);
  const person = token && (await provider.personOf(token));
  return {
    query,
    form,
    cookieOf: (name) => cookieOf(request, name),
    session: person ? { person, token } : undefined,
  };
}
