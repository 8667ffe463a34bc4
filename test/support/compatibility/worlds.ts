/** Two equal worlds: WorkOS, and WorkOS behind the gateway. */
import { WorkOS as WorkOS11 } from '@workos-inc/node';
import { WorkOS as WorkOS7 } from 'workos-node-7';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { sdkFetch } from '../../../client/sdk-fetch.js';
import { startFakeWorkos, type FakeWorkos } from '../../../src/dev/fake-workos/server.ts';
import { createBrowser, REDIRECT_URI } from '../sign-in.ts';
import { startTestApp, type TestApp } from '../test-app.ts';
import type { Exchange, Generation, Sdk, World } from './call.ts';

const SDKS = { 7: WorkOS7, 8: WorkOS8, 11: WorkOS11 };

/** One that is connected to nothing, to see what it can do. */
export const unconnected = (generation: Generation, options: object = {}): Sdk =>
  new SDKS[generation]('key', { clientId: 'client', ...options }) as unknown as Sdk;

export interface Worlds {
  readonly direct: World;
  readonly gateway: World;
  stop(): Promise<void>;
}

interface Connecting {
  readonly url: string;
  readonly key: string;
  readonly userToken?: string;
}

/** @param tenants which the client of the gateway may use. Default: every one */
export async function createWorlds(
  generation: Generation,
  tenants: readonly string[] = ['*'],
): Promise<Worlds> {
  const [fake, gatehouse] = await Promise.all([
    startFakeWorkos(),
    startTestApp({ env: { WEBHOOK_ENDPOINT_ORIGINS: 'https://app.example.com' } }),
  ]);
  const [direct, gateway] = await Promise.all([
    directWorld(generation, fake),
    gatewayWorld(generation, gatehouse, tenants),
  ]);
  return {
    direct,
    gateway,
    stop: async () => {
      await Promise.all([fake.stop(), gatehouse.stop()]);
    },
  };
}

async function directWorld(generation: Generation, fake: FakeWorkos): Promise<World> {
  const connected = connect(generation, { url: fake.url, key: fake.apiKey });
  const acme = await found(connected.sdk, 'acme');
  const globex = await found(connected.sdk, 'globex');
  return {
    ...connected,
    fake,
    url: fake.url,
    acme,
    globex,
    organizationId: acme,
    clientId: fake.clientId,
    ids: furnish(fake, acme, globex),
    signIn: async (url) => (await fake.signIn(url)).searchParams.get('code') ?? '',
  };
}

async function gatewayWorld(
  generation: Generation,
  gatehouse: TestApp,
  tenants: readonly string[],
): Promise<World> {
  const client = await gatehouse.createClient({
    tenants: [...tenants],
    redirectUris: [REDIRECT_URI],
  });
  const userToken = await gatehouse.userToken();
  const connected = connect(generation, { url: gatehouse.url, key: client.key, userToken });
  const acme = await found(connected.sdk, 'acme');
  const globex = await found(connected.sdk, 'globex');
  const fake = gatehouse.workos;
  const atWorkos = (name: string) =>
    [...fake.organizations.values()].find((one) => one.name === name)?.id ?? '';
  return {
    ...connected,
    fake,
    url: gatehouse.url,
    acme,
    globex,
    organizationId: atWorkos('acme'),
    clientId: client.id,
    ids: furnish(fake, atWorkos('acme'), atWorkos('globex')),
    signIn: (url) => throughGateway(gatehouse, url),
  };
}

/**
 * The SDK as its users set it up, with an acting user for all it does: a header of its own
 * configuration, or one that its fetch function adds.
 */
function connect(
  generation: Generation,
  { url, key, userToken }: Connecting,
): { sdk: Sdk; seen: Exchange[] } {
  const { hostname, port } = new URL(url);
  const seen: Exchange[] = [];
  const acting: Record<string, string> =
    userToken === undefined ? {} : { 'Gatehouse-User-Token': userToken };
  const byConfig = generation !== 7;
  const sdk = new SDKS[generation](key, {
    apiHostname: hostname,
    port: Number(port),
    https: false,
    clientId: 'client_of_nobody',
    fetchFn: recording(
      seen,
      byConfig ? {} : acting,
      // As docs/siblings.md shows; WorkOS itself is called by the fetch that is built in.
      userToken === undefined ? fetch : sdkFetch,
    ),
    ...(byConfig && { config: { headers: acting } }),
    ...(generation === 11 && { maxRetries: 0 }),
  });
  // What is called is data here, and the three have no type in common.
  return { sdk: sdk as unknown as Sdk, seen };
}

const recording =
  (seen: Exchange[], more: Readonly<Record<string, string>>, send = fetch): typeof fetch =>
  async (input, init) => {
    const headers = { ...Object.fromEntries(new Headers(init?.headers)), ...more };
    const response = await send(input, { ...init, headers });
    const text = await response.text();
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    seen.push({
      request: `${init?.method ?? 'GET'} ${pathname}`,
      // That a deletion answers 204 where WorkOS answers 200 or 202 is in the other table.
      status: init?.method === 'DELETE' && response.ok ? 204 : response.status,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      ignored: response.headers.get('gatehouse-ignored') ?? undefined,
    });
    // A body can be read once.
    const json = () => Promise.resolve(JSON.parse(text) as unknown);
    return Object.assign(response, { text: () => Promise.resolve(text), json });
  };

async function found(sdk: Sdk, name: string): Promise<string> {
  const made = await sdk.organizations?.createOrganization?.({ name, externalId: name });
  return (made as { id: string }).id;
}

/** What comes about at WorkOS without its API. */
function furnish(fake: FakeWorkos, acme: string, globex: string): Record<string, string> {
  const connection = fake.addConnection(acme, { state: 'active' });
  // Inactive, so that a sign-in has one connection to choose.
  const doomedConnection = fake.addConnection(acme, { state: 'inactive' });
  const directory = fake.addDirectory(acme);
  const doomedDirectory = fake.addDirectory(acme);
  const busyDirectory = fake.addDirectory(globex);
  const role = { slug: 'admin' };
  const custom_attributes = { department: 'Engines', organization_id: 'theirs' };
  const ada = fake.addDirectoryUser(directory.id, {
    email: 'ada@acme.test',
    role,
    custom_attributes,
  });
  fake.addDirectoryUser(directory.id, { email: 'max@acme.test' });
  const group = fake.addDirectoryGroup(directory.id);
  fake.addDirectoryGroup(directory.id);
  fake.addToGroup(group.id, ada.id);
  return {
    connection: connection.id,
    doomedConnection: doomedConnection.id,
    directory: directory.id,
    doomedDirectory: doomedDirectory.id,
    busyDirectory: busyDirectory.id,
    directoryUser: ada.id,
    group: group.id,
  };
}

async function throughGateway(gatehouse: TestApp, url: string): Promise<string> {
  const browser = createBrowser(gatehouse);
  const started = await browser.get(url);
  const { href = '' } = started.location ?? {};
  if (!href.startsWith(gatehouse.workos.url)) return '';
  const back = await gatehouse.workos.signIn(href);
  const { location } = await browser.get(back);
  return location?.searchParams.get('code') ?? '';
}
