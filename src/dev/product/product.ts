/**
 * "Acme Console": the product page of `npm run dev`. It plays a sibling service that calls
 * Gatehouse, and the identity provider that vouches for its users.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatehouseCalls, type GatehouseOptions } from './gatehouse-client.ts';
import { createIdentityProvider, type IdentityProvider } from './identity-provider.ts';
import type { Person } from './person.ts';
import { content, cookieOf, isForeign, readForm, redirect, send, type Reply } from './http.ts';
import { createRoutes } from './routes.ts';
import { SESSION_COOKIE, type Routes, type Visit } from './visit.ts';
import { openSigningKey } from './signing-key.ts';

export type { Person } from './person.ts';

export interface ProductOptions extends GatehouseOptions {
  /** 0: one that the system chooses. */
  readonly port: number;
  readonly host: string;
  /** Where the signing key is kept across restarts. */
  readonly keyDirectory: string;
  readonly people: readonly Person[];
}

export interface Product {
  readonly url: string;
  readonly jwksUrl: string;
  /** The `iss` of its user tokens. */
  readonly issuer: string;
  tokenFor(personId: string): Promise<string>;
  stop(): Promise<void>;
}

/** @throws Error of `listen`, such as EADDRINUSE. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { host, people, keyDirectory } = options;
  const key = await openSigningKey(keyDirectory);
  const server = createServer().listen(options.port, host);
  await once(server, 'listening');
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const provider = createIdentityProvider({ issuer: url, key, people });
  const gatehouse = createGatehouseCalls(options);
  const answer = createAnswer(url, provider, createRoutes({ url, people, provider, gatehouse }));
  server.on('request', (request, response) => {
    answer(request)
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

const createAnswer =
  (url: string, provider: IdentityProvider, routes: Routes) =>
  async (request: IncomingMessage): Promise<Reply> => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', url);
    const route = routes[`${request.method ?? ''} ${pathname}`];
    if (!route) return content('text/plain', 'There is nothing at this address.', 404);
    if (isForeign(request)) return content('text/plain', 'Use the buttons of this site.', 403);
    // Cookies do tell localhost from 127.0.0.1, so there must be one name for both.
    if (request.headers.host?.startsWith('localhost:')) return redirect(url + pathname + search);
    return route(await visitOf(request, searchParams, provider));
  };

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
