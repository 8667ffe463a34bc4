import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '../../src/core/identity.ts';
import { createCaller, fingerprint, type Answer, type Caller } from '../support/http-caller.ts';
import {
  callOf,
  NOTHING,
  resourceOperations,
  type GuardedOperation,
  type Names,
} from '../support/operations.ts';
import type { Rule } from '../../src/pass-through/forwarding/forwarded-endpoint.ts';
import {
  askWorkos,
  foreignOrganization,
  forwardingOf,
  makeOwnThings,
  makeThings,
  namesFor,
  NO_THINGS,
  type OwnThings,
  type Things,
} from '../support/resource-things.ts';
import { sample } from '../support/sample.ts';
import { organizationOf } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

type Headers = Readonly<Record<string, string>>;

const TENANTS = ['acme', 'acme-quiet', 'acme-gone', 'globex', 'nowhere'] as const;
type TenantId = (typeof TENANTS)[number];
/** `acme-quiet` is suspended; `acme-gone` was deleted here, and its organization still is at WorkOS. */
const THERE: readonly string[] = ['acme', 'acme-quiet', 'globex'];

const CLIENTS = ['platform', 'one', 'prefix', 'disabled', 'lacking'] as const;
type ClientName = (typeof CLIENTS)[number];
const RULES: Readonly<Record<string, readonly string[]>> = {
  platform: ['*'],
  one: ['acme'],
  prefix: ['acme*'],
  disabled: ['*'],
};
const SEES: Readonly<Record<string, readonly string[]>> = {
  platform: TENANTS,
  one: ['acme'],
  prefix: ['acme', 'acme-quiet', 'acme-gone'],
};

const USERS = ['nobody', 'admin', 'stranger', 'member', 'denied', 'asserted'] as const;
type UserName = (typeof USERS)[number];

interface Case {
  readonly client: ClientName;
  readonly tenant: TenantId;
  readonly user: UserName;
}

/**
 * Whom it makes no difference to is not asked again: a client without any right is refused before its
 * tenant and user are read, and an operation without an acting user does not read a user's role.
 */
function casesOf({ access }: GuardedOperation): readonly Case[] {
  const users = access.actingUser ? USERS : (['nobody', 'admin', 'stranger'] as const);
  return CLIENTS.flatMap((client) => {
    const isStranger = client === 'disabled' || client === 'lacking';
    const tenants = isStranger ? (['acme', 'nowhere'] as const) : TENANTS;
    const as = isStranger ? (['nobody', 'admin'] as const) : users;
    return tenants.flatMap((tenant) => as.map((user) => ({ client, tenant, user })));
  });
}

let gatehouse: TestApp;
let caller: Caller;
let combinations = 0;
const clients = new Map<string, TestClient>();
const things = new Map<string, Things>();
const ownThings = new Map<string, OwnThings>();
const users = new Map<string, Headers>();

beforeAll(async () => {
  gatehouse = await startTestApp();
  caller = createCaller(gatehouse.url, 16);
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  for (const [name, tenants] of Object.entries(RULES))
    clients.set(name, await newClient({ tenants: [...tenants], disabled: name === 'disabled' }));
  for (const scope of new Set(resourceOperations.map(({ access }) => access.scope)))
    clients.set(`lacking ${scope}`, await newClient({ scopes: allScopesBut(scope) }));
  for (const tenant of ['acme', 'acme-quiet', 'acme-gone', 'globex']) await arrange(tenant);
  things.set('nobody', await makeThings(gatehouse, await foreignOrganization(gatehouse)));
  const platform = gatehouse.as(clientOf('platform'));
  await platform.patch('/v1/tenants/acme-quiet').send({ status: 'suspended' }).expect(200);
  await platform.delete('/v1/tenants/acme-gone').expect(204);
  await askWorkos(gatehouse, 'POST', '/audit_logs/actions/user.signed_in/schemas', {
    targets: [{ type: 'team' }],
  });
}, 60_000);

afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

const clientOf = (name: string): TestClient => clients.get(name) ?? { id: '', key: '' };
const newClient = (fields: Parameters<TestApp['createClient']>[0]) =>
  gatehouse.createClient({ redirectUris: ['https://app.example.com/callback'], ...fields });
const allScopesBut = (scope: string) => SCOPES.filter((one) => one !== scope);

async function arrange(tenant: string): Promise<void> {
  await gatehouse.provision(tenant);
  await gatehouse
    .as(clientOf('platform'))
    .put(`/v1/tenants/${tenant}/it-admins/dan`)
    .send({ state: 'denied' })
    .expect(201);
  const organization = await organizationOf(gatehouse, tenant);
  things.set(tenant, await makeThings(gatehouse, organization));
  for (const [name, sees] of Object.entries(SEES)) {
    const clientId = clientOf(sees.includes(tenant) ? name : 'platform').id;
    const owner = { clientId, tenantId: tenant };
    ownThings.set(`${name} ${tenant}`, await makeOwnThings(gatehouse, owner, organization));
  }
}

const bearer = ({ key }: TestClient): Headers => ({ authorization: `Bearer ${key}` });

async function userFor(name: UserName, tenant: string): Promise<Headers> {
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
}

const elsewhere = (tenant: string): string => (tenant === 'globex' ? 'acme' : 'globex');

const NOT_FOUND = ['404 not_found', '404 tenant_not_found'];

/** The grant table, by what is missing. Undefined: nothing is, and the call may be made. */
function refusalOf(operation: GuardedOperation, of: Case): readonly string[] | undefined {
  const { access } = operation;
  if (of.client === 'disabled') return ['401 unauthenticated'];
  if (of.client === 'lacking') return ['403 insufficient_scope'];
  // These clients have every scope.
  if (access.everyTenant && !access.orScope && of.client !== 'platform')
    return ['403 every_tenant_required'];
  const kind = kindOf(operation);
  if (kind === 'environment') return undefined;
  if (kind === 'free') return refusalOfUser(operation, of);
  if (kind === 'email' && refusalOfUser(operation, of)) return refusalOfUser(operation, of);
  if (kind === 'owned' && of.client === 'platform' && operation.id === 'confirmPasswordReset')
    return undefined;
  if (access.actingUser && of.user === 'nobody' && kind !== 'named')
    return ['403 acting_user_required'];
  if (!isThere(operation, of)) return kind === 'named' ? ['404 tenant_not_found'] : NOT_FOUND;
  if (kind === 'owned' && of.user === 'stranger') return NOT_FOUND;
  return access.actingUser ? refusalWithoutAdmin(of, kind) : undefined;
}

function refusalWithoutAdmin({ user, client }: Case, kind: Kind): readonly string[] | undefined {
  if (user === 'admin' || user === 'asserted') return undefined;
  if (user === 'nobody') return ['403 acting_user_required'];
  // Whose tenant the client does not see may not even be said to be the wrong one.
  const isHidden = user === 'stranger' && client !== 'platform' && kind !== 'named';
  return isHidden ? NOT_FOUND : ['403 it_admin_required'];
}

/** What is made belongs to the acting user's tenant. */
function refusalOfUser(
  operation: GuardedOperation,
  { client, tenant, user }: Case,
): readonly string[] | undefined {
  if (!MAKES_FOR_USER.includes(operation.id) || user === 'nobody' || user === 'asserted')
    return undefined;
  const theirs = user === 'stranger' ? elsewhere(tenant) : tenant;
  const mayBe = THERE.includes(theirs) && (SEES[client]?.includes(theirs) ?? false);
  return mayBe ? undefined : ['404 tenant_not_found'];
}
const MAKES_FOR_USER = [
  'enrollFactor',
  'createPasswordlessSession',
  'createMagicAuth',
  'createPasswordReset',
];

/** Whether what is asked about is there for the client. */
function isThere(operation: GuardedOperation, { client, tenant }: Case): boolean {
  if (operation.access.newTenant) return SEES[client]?.includes(tenant) ?? false;
  // Users are the environment's: who may use every tenant may ask about any of them.
  const kind = kindOf(operation);
  if ((kind === 'member' || kind === 'email') && client === 'platform') return true;
  return THERE.includes(tenant) && (SEES[client]?.includes(tenant) ?? false);
}

type Kind =
  'named' | 'object' | 'key' | 'container' | 'owned' | 'member' | 'email' | 'environment' | 'free';

function kindOf(operation: GuardedOperation): Kind {
  const { access, endpoint } = operation;
  if (access.tenant) return 'named';
  const rule = forwardingOf(operation)?.rule;
  if (rule === undefined || rule === 'named') return 'free';
  if (rule === 'users' && !endpoint.path.includes('{')) return 'free';
  return KINDS[rule];
}

const KINDS: Readonly<Record<Exclude<Rule, 'named'>, Kind>> = {
  object: 'object',
  key: 'key',
  container: 'container',
  owned: 'owned',
  token: 'owned',
  users: 'member',
  member: 'member',
  'of-user': 'member',
  email: 'email',
  environment: 'environment',
  'by-user': 'free',
  new: 'free',
  validation: 'free',
};

/** What may be looked at to learn whose something is. */
function looksOf(operation: GuardedOperation): RegExp {
  const { path } = operation.endpoint;
  switch (kindOf(operation)) {
    case 'object':
      return new RegExp(`^GET ${path.replace(/\{\w+\}.*$/, '[^/]+')}$`);
    case 'key':
      return /^GET \/organizations\/[^/]+\/api_keys$/;
    case 'container':
      return /^GET \/directories\/[^/]+$/;
    case 'member':
    case 'email':
      return READS_OF_USERS;
    default:
      return /^never$/;
  }
}

const READS_OF_USERS =
  /^GET \/user_management\/((users|magic_auth|password_reset|email_verification)(\/(external_id\/)?[^/]+)?|organization_memberships)$/;

function namesIn(operation: GuardedOperation, { client, tenant }: Case): Names {
  const own = ownThings.get(`${client in SEES ? client : 'platform'} ${tenant}`);
  return namesFor(operation, tenant, { ...NO_THINGS, ...things.get(tenant), ...own });
}

async function ask(operation: GuardedOperation, of: Case): Promise<string> {
  combinations += 1;
  const name = of.client === 'lacking' ? `lacking ${operation.access.scope}` : of.client;
  const headers = { ...bearer(clientOf(name)), ...(await userFor(of.user, of.tenant)) };
  const { status, json } = await caller.send(callOf(operation, namesIn(operation, of), headers));
  return `${status} ${String(json.code)}`;
}

function operationOf(id: string): GuardedOperation {
  const found = resourceOperations.find((operation) => operation.id === id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
}

const titled = resourceOperations.map((operation, at) => [operation.id, operation, at] as const);

describe.each(titled)('%s', (_id, operation, at) => {
  const refused = sample(
    casesOf(operation).filter((of) => refusalOf(operation, of)),
    3,
    at,
  );
  const isStranger = ({ client }: Case) => client === 'disabled' || client === 'lacking';

  it.each([
    ['clients without any right to it, asking nothing of WorkOS', isStranger, /^never$/],
    [
      'whoever may not, and asks WorkOS for no more than whose it is',
      (of: Case) => !isStranger(of),
      looksOf(operation),
    ],
  ])('refuses %s', async (_what, isOne, looks) => {
    const cases = refused.filter(isOne);
    const before = gatehouse.workos.requests.length;

    const outcomes = await Promise.all(cases.map((of) => ask(operation, of)));

    const wrong = cases.flatMap((of, index) => {
      const outcome = outcomes[index] ?? '';
      return refusalOf(operation, of)?.includes(outcome) ? [] : [{ ...of, outcome }];
    });
    expect(wrong).toEqual([]);
    const asked = gatehouse.workos.requests.slice(before);
    expect(
      asked.map(({ method, path }) => `${method} ${path}`).filter((one) => !looks.test(one)),
    ).toEqual([]);
  });
});

describe('all of these refusals', () => {
  it('are thousands, and leave no trace', async () => {
    const rows = await gatehouse.database.superuser(
      `select operation from audit_trail where operation = any($1)`,
      [resourceOperations.map(({ id }) => id)],
    );

    expect(combinations).toBeGreaterThan(1_000);
    expect(rows).toEqual([]);
  });
});

/** Ways to ask about one thing, each as an operation and what it names. */
const objectOperations = resourceOperations.filter((operation) =>
  ['object', 'key', 'container', 'owned', 'member', 'email'].includes(kindOf(operation)),
);
const CONTAINERS = ['directory', 'group', 'user'] as const;

describe.each(objectOperations.map((operation) => [operation.id, operation] as const))(
  '%s',
  (_id, operation) => {
    const answers = async (names: readonly Names[]): Promise<Answer[]> => {
      const headers = {
        ...bearer(clientOf('one')),
        ...(operation.access.actingUser && (await userFor('admin', 'acme'))),
        'x-request-id': 'the-same',
      };
      return Promise.all(names.map((name) => caller.send(callOf(operation, name, headers))));
    };

    it('answers byte for byte alike about foreign, unowned, deleted and unknown objects', async () => {
      const foreign = { ...NO_THINGS, ...things.get('globex'), ...ownThings.get('one globex') };
      const gone = {
        ...NO_THINGS,
        ...things.get('acme-gone'),
        ...ownThings.get('prefix acme-gone'),
      };
      const all = [NO_THINGS, foreign, gone, { ...NO_THINGS, ...things.get('nobody') }];

      const given = await answers(all.map((them) => namesFor(operation, '', them)));
      const [unknown, ...others] = given.map(fingerprint);

      expect(unknown).toMatchObject({ status: 404 });
      for (const other of others) expect(other).toEqual(unknown);
    });
  },
);

describe.each(['listDirectoryUsers', 'listDirectoryGroups'])('%s', (id) => {
  const operation = operationOf(id);
  const list = async (query: Record<string, string>) =>
    caller.send(
      callOf(
        operation,
        { tenant: '', query },
        { ...bearer(clientOf('one')), 'x-request-id': 'same' },
      ),
    );
  const idsOf = (tenant: string) => {
    const { directory, directoryGroup, directoryUser } = things.get(tenant) ?? NO_THINGS;
    return { directory, group: directoryGroup, user: directoryUser };
  };
  const filters = CONTAINERS.filter((name) => operation.endpoint.query?.shape[name]);

  it.each(filters)('by %s answers alike about foreign and unknown objects', async (name) => {
    const [foreign, unknown, own] = await Promise.all([
      list({ [name]: idsOf('globex')[name] }),
      list({ [name]: NOTHING }),
      list({ [name]: idsOf('acme')[name] }),
    ]);

    expect(fingerprint(foreign)).toEqual(fingerprint(unknown));
    expect([foreign.status, own.status]).toEqual([404, 200]);
  });

  it.each(filters.filter((name) => name !== 'directory'))(
    'with a directory of its own shows nothing of a foreign %s',
    async (name) => {
      const mixed = { directory: idsOf('acme').directory, [name]: idsOf('globex')[name] };

      expect((await list(mixed)).status).toBe(404);
    },
  );

  it('requires a filter', async () => {
    const { status, json } = await list({});

    expect([status, json.errors?.[0]?.field]).toEqual([422, 'directory']);
  });
});

describe.each(titled)('%s', (id, operation) => {
  it('is found by clients that may use it', async () => {
    const name = operation.access.everyTenant ? 'platform' : 'prefix';
    const client = clientOf(name);
    // Reads change nothing, so they share a tenant.
    const tenant = `acme-${operation.endpoint.method === 'get' ? `read-by-${name}` : id}`;
    const names = operation.access.newTenant
      ? { tenant }
      : namesFor(operation, tenant, await thingsIn(tenant, client));
    const headers = { ...bearer(client), ...(await userFor('admin', tenant)) };

    const answer = await caller.send(callOf(operation, names, headers));

    expect([[200, 201, 204].includes(answer.status), answer.text]).toEqual([true, answer.text]);
    for (const organization of gatehouse.workos.organizations.keys())
      expect(answer.text).not.toContain(organization);
  });
});

const furnished = new Map<string, Things & OwnThings>();

/** Provisions the tenant with one of everything at the first call. */
async function thingsIn(tenantId: string, { id: clientId }: TestClient) {
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
}
