/** The clients, tenants and objects with which access to WorkOS's resources is tried. */
import { SCOPES } from '../../src/core/identity.ts';
import { createCaller, type Caller } from '../support/http-caller.ts';
import {
  callOf,
  resourceOperations,
  type GuardedOperation,
  type Names,
} from '../support/operations.ts';
import {
  askWorkos,
  foreignOrganization,
  makeOwnThings,
  makeThings,
  namesFor,
  NO_THINGS,
  type OwnThings,
  type Things,
} from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { elsewhere, SEES, type Case, type UserName } from './resources-access-table.ts';

export type Headers = Readonly<Record<string, string>>;

/** The tenants that each client may use. There is also `lacking <scope>`, with every scope but one. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  platform: ['*'],
  one: ['acme'],
  prefix: ['acme*'],
  disabled: ['*'],
};

export type AccessWorld = Awaited<ReturnType<typeof createAccessWorld>>;

export async function createAccessWorld() {
  const gatehouse = await startTestApp();
  const caller = createCaller(gatehouse.url, 16);
  const clients = await createClients(gatehouse);
  const clientOf = (name: string): TestClient => clients.get(name) ?? { id: '', key: '' };
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  const objects = await createObjects(gatehouse, clientOf);
  const userFor = createUsers(gatehouse);
  return {
    gatehouse,
    caller,
    clientOf,
    userFor,
    bearerOf: (name: string): Headers => bearer(clientOf(name)),
    thingsOf: (tenant: string): Things => objects.things.get(tenant) ?? NO_THINGS,
    /** Everything that a client can name of a tenant. */
    objectsOf: (client: string, tenant: string) => ({
      ...NO_THINGS,
      ...objects.things.get(tenant),
      ...objects.ownThings.get(`${client} ${tenant}`),
    }),
    thingsIn: createFurnisher(gatehouse),
    ask: createAsking({ caller, clientOf, userFor, objects }),
    async stop(): Promise<void> {
      await caller.close();
      await gatehouse.stop();
    },
  };
}

const bearer = ({ key }: TestClient): Headers => ({ authorization: `Bearer ${key}` });

async function createClients(gatehouse: TestApp): Promise<ReadonlyMap<string, TestClient>> {
  const clients = new Map<string, TestClient>();
  const create = (fields: Parameters<TestApp['createClient']>[0]) =>
    gatehouse.createClient({ redirectUris: ['https://app.example.com/callback'], ...fields });
  for (const [name, tenants] of Object.entries(RULES))
    clients.set(name, await create({ tenants: [...tenants], disabled: name === 'disabled' }));
  for (const scope of new Set(resourceOperations.map(({ access }) => access.scope)))
    clients.set(
      `lacking ${scope}`,
      await create({ scopes: SCOPES.filter((one) => one !== scope) }),
    );
  return clients;
}

interface Objects {
  readonly things: ReadonlyMap<string, Things>;
  /** By client and tenant. */
  readonly ownThings: ReadonlyMap<string, OwnThings>;
}

/** Creates the tenants, with one of every kind of object in each. */
async function createObjects(
  gatehouse: TestApp,
  clientOf: (name: string) => TestClient,
): Promise<Objects> {
  const things = new Map<string, Things>();
  const ownThings = new Map<string, OwnThings>();
  const platform = gatehouse.as(clientOf('platform'));
  for (const tenant of ['acme', 'acme-quiet', 'acme-gone', 'globex']) {
    await gatehouse.provision(tenant);
    await platform.put(`/v1/tenants/${tenant}/it-admins/dan`).send({ state: 'denied' }).expect(201);
    const organization = await organizationOf(gatehouse, tenant);
    things.set(tenant, await makeThings(gatehouse, organization));
    for (const [name, sees] of Object.entries(SEES)) {
      const clientId = clientOf(sees.includes(tenant) ? name : 'platform').id;
      const owner = { clientId, tenantId: tenant };
      ownThings.set(`${name} ${tenant}`, await makeOwnThings(gatehouse, owner, organization));
    }
  }
  things.set('nobody', await makeThings(gatehouse, await foreignOrganization(gatehouse)));
  await platform.patch('/v1/tenants/acme-quiet').send({ status: 'suspended' }).expect(200);
  await platform.delete('/v1/tenants/acme-gone').expect(204);
  await askWorkos(gatehouse, 'POST', '/audit_logs/actions/user.signed_in/schemas', {
    targets: [{ type: 'team' }],
  });
  return { things, ownThings };
}

type UserFor = (name: UserName, tenant: string) => Promise<Headers>;

/** Returns the headers of users, whose tokens are signed once. */
function createUsers(gatehouse: TestApp): UserFor {
  const users = new Map<string, Headers>();
  return async (name, tenant) => {
    if (name === 'nobody') return {};
    if (name === 'asserted')
      return { 'gatehouse-user-id': 'max', 'gatehouse-user-roles': 'it_admin' };
    const known = users.get(`${name} ${tenant}`);
    if (known) return known;
    const claims = {
      admin: {},
      stranger: { tenant_id: elsewhere(tenant) },
      member: { roles: ['member'] },
      denied: { sub: 'dan' },
    }[name];
    const token = await gatehouse.userToken({ tenant_id: tenant, ...claims });
    const headers = { 'gatehouse-user-token': token };
    users.set(`${name} ${tenant}`, headers);
    return headers;
  };
}

interface Asking {
  readonly caller: Caller;
  readonly clientOf: (name: string) => TestClient;
  readonly userFor: UserFor;
  readonly objects: Objects;
}

/** Makes the request of a case. @returns its status and code */
function createAsking({ caller, clientOf, userFor, objects: { things, ownThings } }: Asking) {
  const namesIn = (operation: GuardedOperation, { client, tenant }: Case): Names => {
    const own = ownThings.get(`${client in SEES ? client : 'platform'} ${tenant}`);
    return namesFor(operation, tenant, { ...NO_THINGS, ...things.get(tenant), ...own });
  };
  return async (operation: GuardedOperation, of: Case): Promise<string> => {
    const name = of.client === 'lacking' ? `lacking ${operation.access.scope}` : of.client;
    const headers = { ...bearer(clientOf(name)), ...(await userFor(of.user, of.tenant)) };
    const { status, json } = await caller.send(callOf(operation, namesIn(operation, of), headers));
    return `${status} ${String(json.code)}`;
  };
}

/** Provisions a tenant with one of every kind of object, at the first call for that tenant. */
function createFurnisher(gatehouse: TestApp) {
  const furnished = new Map<string, Things & OwnThings>();
  return async (tenantId: string, { id: clientId }: TestClient): Promise<Things & OwnThings> => {
    const known = furnished.get(tenantId);
    if (known) return known;
    await gatehouse.provision(tenantId);
    const organization = await organizationOf(gatehouse, tenantId);
    const made = {
      ...(await makeThings(gatehouse, organization)),
      ...(await makeOwnThings(gatehouse, { clientId, tenantId }, organization)),
    };
    furnished.set(tenantId, made);
    return made;
  };
}
