import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Call } from '../../support/compatibility/call.ts';
import { calls } from '../../support/compatibility/calls.ts';
import { compare, has, type Comparison } from '../../support/compatibility/run.ts';
import { unconnected } from '../../support/compatibility/worlds.ts';

/** The tenants that the calls name. */
const TENANTS = ['acme', 'globex', 'initech', 'other', 'nameless', 'nobody'];

/** Changes of the environment, which such a client may not make, and what follows from them. */
const OF_ENVIRONMENT = /Permission|EnvironmentRole|(en|dis)ableFeatureFlag/;

const needsTenant = { status: 422, code: 'organization_id_required' };
const noSuchUser = { status: 404, code: 'not_found' };

/** Refused to such a client on purpose: name → error. */
const REFUSED: Readonly<Record<string, object>> = {
  'sso.listConnections, of every organization': needsTenant,
  'sso.listConnections, the next page': needsTenant,
  'directorySync.listDirectories, of every organization': needsTenant,
  'userManagement.listUsers, all': needsTenant,
  // Accepted only for users who are the client's.
  'userManagement.acceptInvitation, there is no such user': noSuchUser,
  'userManagement.acceptInvitation, it is revoked': noSuchUser,
};

/** Compared in `organization-lists.test.ts`: the gateway's own list has no tokens of domains. */
const OWN_LIST = 'organizations.listOrganizations';

const sdk = unconnected(11);
const nameOf = ({ method, when }: Call) => [method, when].filter(Boolean).join(', ');
const made = calls.filter(
  ({ method, differs }) => !differs && !OF_ENVIRONMENT.test(method) && has(sdk, 11, method),
);
const named = made.map((call) => [nameOf(call), call] as const);

describe('A client that may use some tenants', () => {
  let compared: Comparison['compared'];
  const outcomesOf = (call: Call) => {
    const one = compared.get(call);
    if (!one) throw new Error('The call was not made.');
    return one;
  };

  beforeAll(async () => {
    ({ compared } = await compare(11, { calls: made, ownCalls: [], missing: {} }, TENANTS));
  }, 60_000);

  const same = named.filter(([name]) => name !== OWN_LIST && !(name in REFUSED));

  it.each(same)('gets the same through the gateway as from WorkOS: %s', (_name, call) => {
    const { direct, gateway } = outcomesOf(call);

    expect(gateway).toEqual(direct);
  });

  it.each(named.filter(([name]) => name in REFUSED))(
    'is refused what concerns others: %s',
    (name, call) => {
      expect(outcomesOf(call).gateway.error).toMatchObject(REFUSED[name] ?? {});
    },
  );
});
