import { describe, expect, it } from '@jest/globals';
import { fingerprint, type Answer } from '../support/http-caller.ts';
import {
  callOf,
  guardedOperations,
  tenantOperations,
  type GuardedOperation,
} from '../support/operations.ts';
import { sample } from '../support/sample.ts';
import { stateOf } from '../support/state.ts';
import {
  type Headers,
  gatehouse,
  caller,
  client,
  platform,
  before,
  strangers,
  strangeUsers,
  singleScope,
  everyScopeBut,
  unlimited,
  OWN,
  bearer,
  userFor,
  useCallers,
} from './access-setup.ts';

useCallers();

/** Returns status and code as one string. */
type Outcome = string;

let combinations = 0;

/** The first three exist. Ids differ by case, and none is treated as the prefix of another. */
const NOT_OWN = ['globex', 'Acme', 'acmesia', 'nowhere', 'ACME-1', 'own'];

const STRANGERS = [
  'nobody',
  'an unknown key',
  'a key with a wrong secret',
  'a key with another client’s secret',
  'a key without its prefix',
  'a key in lower case',
  'a revoked key',
  'an expired key',
  'a disabled client’s key',
  'a deleted client’s key',
  'a key by Basic',
  'a key without a scheme',
  'a key among other words',
  'a user’s token',
  'a workload token of nobody',
  'a workload token of a disabled client',
  'a workload token signed by another key',
  'a workload token of another issuer',
  'an expired workload token',
];

const STRANGE_USERS = [
  'signed by another key',
  'unsigned',
  'expired',
  'for another audience',
  'of another issuer',
  'that is a client’s key',
  'that is no token',
  'without a tenant',
  'for two tenants',
];

const NOT_ADMINS = [
  'nobody',
  'a member',
  'a user without roles',
  'a user with a role that only looks like it',
  'an IT admin of another tenant',
  'an IT admin of a tenant that does not exist',
  'an IT admin of a tenant whose name begins alike',
  'a user granted in another tenant',
  'an IT admin who is denied',
];

/** Headers of a client with which only the user can be at fault. */
const holderOf = ({ access }: GuardedOperation): Headers =>
  bearer((access.everyTenant ? platform : client).key);

async function outcomeOf(
  operation: GuardedOperation,
  tenant: string,
  ...headers: Headers[]
): Promise<Outcome> {
  combinations += 1;
  const call = callOf(operation, { tenant }, Object.assign({}, ...headers) as Headers);
  const answer = await caller.send(call);
  return outcome(answer);
}

const outcome = ({ status, json }: Answer): Outcome => `${status} ${String(json.code)}`;

/** Returns the distinct outcomes. */
async function outcomes(all: readonly Promise<Outcome>[]): Promise<Outcome[]> {
  return [...new Set(await Promise.all(all))].sort();
}

/**
 * A stranger is refused before the tenant and the user are checked. So each operation tries a stranger with one of
 * the four combinations of tenant and user; all operations together try each stranger with all four.
 */
const asked = (index: number) => ({
  tenant: index % 2 === 0 ? 'acme' : 'nowhere',
  user: index % 4 < 2 ? 'nobody' : 'an IT admin',
});
/** Sent for a name without headers in access-setup.ts. It identifies nobody, so the expectation of that name fails. */
const NONE: Headers = { 'x-not-arranged': 'true' };

describe.each(
  guardedOperations.map((operation, place) => [operation.id, operation, place] as const),
)('%s', (_id, operation, place) => {
  it('refuses every stranger, whatever tenant and user the request names', async () => {
    const names = sample(STRANGERS, 8, place);
    const calls = names.map(async (name) => {
      const { tenant, user } = asked(Math.floor((STRANGERS.indexOf(name) + place) / 8));
      const as = await userFor(user, tenant);
      const outcome = await outcomeOf(operation, tenant, strangers.get(name) ?? NONE, as);
      return `${name}: ${outcome}`;
    });

    expect(STRANGERS.filter((name) => !strangers.has(name))).toEqual([]);
    expect(await Promise.all(calls)).toEqual(names.map((name) => `${name}: 401 unauthenticated`));
  });

  it('refuses a client that has every scope except the required one', async () => {
    const lacking = everyScopeBut.get(operation.access.scope) ?? NONE;
    const calls = ['acme', 'nowhere'].map(async (tenant) =>
      outcomeOf(operation, tenant, lacking, await userFor('an IT admin', tenant)),
    );

    expect(await outcomes(calls)).toEqual(['403 insufficient_scope']);
  });

  it('refuses every user’s token that is not valid', async () => {
    const names = sample(STRANGE_USERS, 5, place);
    const calls = names.map(async (name) => {
      const { tenant } = asked(Math.floor((STRANGE_USERS.indexOf(name) + place) / 5));
      const token = strangeUsers.get(name) ?? NONE;
      return `${name}: ${await outcomeOf(operation, tenant, holderOf(operation), token)}`;
    });

    expect(await Promise.all(calls)).toEqual(
      names.map((name) => `${name}: 401 invalid_user_token`),
    );
  });

  it('refuses a user named by header without the scope users:assert, or together with a token', async () => {
    const named = { 'gatehouse-user-id': 'ada', 'gatehouse-user-roles': 'it_admin' };
    const { scope, everyTenant } = operation.access;
    const own = (everyTenant ? unlimited : singleScope).get(scope) ?? {};
    const token = await userFor('an IT admin', 'acme');

    expect(await outcomeOf(operation, 'acme', own, named)).toBe('403 insufficient_scope');
    expect(await outcomeOf(operation, 'acme', holderOf(operation), named, token)).toBe(
      '400 conflicting_user_headers',
    );
  });
});

describe.each(
  tenantOperations.map((operation, place) => [operation.id, operation, place] as const),
)('%s with a tenant', (_id, operation, place) => {
  it.each(sample(NOT_OWN, 3, place))(
    'answers tenant_not_found for %s, whoever the user is',
    async (tenant) => {
      const calls = ['nobody', 'an IT admin'].map(async (user) =>
        outcomeOf(operation, tenant, bearer(client.key), await userFor(user, tenant)),
      );

      expect(await outcomes(calls)).toEqual(['404 tenant_not_found']);
    },
  );

  it('answers the same, byte for byte, for a foreign and an unknown tenant', async () => {
    const user = await userFor('an IT admin', 'globex');
    const answers = await Promise.all(
      ['globex', 'nowhere', 'Acme', 'acmesia'].map((tenant) =>
        caller.send(
          callOf(
            operation,
            { tenant },
            { ...bearer(client.key), ...user, 'x-request-id': 'the-same' },
          ),
        ),
      ),
    );

    const [first, ...others] = answers.map(fingerprint);

    expect(first).toMatchObject({ status: 404 });
    for (const other of others) expect(other).toEqual(first);
  });
});

const adminOperations = tenantOperations.filter(({ access }) => access.actingUser);

describe.each(adminOperations.map((operation, place) => [operation.id, operation, place] as const))(
  '%s for an IT admin',
  (_id, operation, place) => {
    it.each(sample(NOT_ADMINS, 5, place))('refuses %s', async (name) => {
      const calls = OWN.map(async (tenant) =>
        outcomeOf(operation, tenant, bearer(client.key), await userFor(name, tenant)),
      );

      const code = name === 'nobody' ? 'acting_user_required' : 'it_admin_required';
      expect(await outcomes(calls)).toEqual([`403 ${code}`]);
    });

    it.each([
      ['a member', { 'gatehouse-user-id': 'max', 'gatehouse-user-roles': 'member' }],
      ['a user without roles', { 'gatehouse-user-id': 'max' }],
      [
        'an IT admin who is denied',
        { 'gatehouse-user-id': 'dan', 'gatehouse-user-roles': 'it_admin' },
      ],
    ])('refuses %s whom the client asserts', async (_name, headers) => {
      const calls = OWN.map((tenant) =>
        outcomeOf(operation, tenant, bearer(client.key), headers as Headers),
      );

      expect(await outcomes(calls)).toEqual(['403 it_admin_required']);
    });

    it('refuses roles without a user', async () => {
      const roles = { 'gatehouse-user-roles': 'it_admin' };

      expect(await outcomeOf(operation, 'acme', bearer(client.key), roles)).toBe(
        '403 acting_user_required',
      );
    });
  },
);

describe('lists', () => {
  it.each([
    '/v1/portal-launches?tenant_id=%',
    '/v1/audit-trail?tenant_id=%',
    '/v1/tenants?after=%',
    '/v1/tenants?before=%&order=asc',
  ])('do not distinguish a foreign tenant from an unknown one: %s', async (template) => {
    const answers = await Promise.all(
      ['globex', 'nowhere'].map((tenant) =>
        caller.send({
          method: 'get',
          path: template.replace('%', tenant),
          headers: { ...bearer(client.key), 'x-request-id': 'the-same' },
        }),
      ),
    );

    const [foreign, unknown] = answers.map(fingerprint);

    expect(foreign).toEqual(unknown);
    expect(answers[0]?.json.data).toEqual([]);
  });

  it('contain only tenants of the client', async () => {
    const { json } = await caller.send({
      method: 'get',
      path: '/v1/tenants?limit=100',
      headers: bearer(client.key),
    });

    const ids = (json.data as { id: string }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual([...OWN].sort());
  });
});

describe('all of these refusals', () => {
  it('were more than a thousand, made no call to WorkOS and changed nothing', async () => {
    expect(combinations).toBeGreaterThan(1_000);
    expect(await stateOf(gatehouse)).toEqual(before);
  });
});
