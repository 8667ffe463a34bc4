import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprint, type Answer } from '../support/http-caller.ts';
import {
  callOf,
  NOTHING,
  resourceOperations,
  type GuardedOperation,
  type Names,
} from '../support/operations.ts';
import { namesFor, NO_THINGS } from '../support/resource-things.ts';
import { sample } from '../support/sample.ts';
import { createAccessWorld, type AccessWorld } from './resources-access-setup.ts';
import {
  casesOf,
  hasNoRight,
  kindOf,
  looksOf,
  refusalOf,
  type Case,
} from './resources-access-table.ts';

let world: AccessWorld;
let combinations = 0;

beforeAll(async () => {
  world = await createAccessWorld();
}, 60_000);
afterAll(() => world.stop());

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

  it.each([
    ['clients without any right to it, asking nothing of WorkOS', hasNoRight, /^never$/],
    [
      'everybody else who may not, asking WorkOS only for the tenant of the object',
      (of: Case) => !hasNoRight(of),
      looksOf(operation),
    ],
  ])('refuses %s', async (_what, isOne, looks) => {
    const cases = refused.filter(isOne);
    const { requests } = world.gatehouse.workos;
    const before = requests.length;

    combinations += cases.length;
    const outcomes = await Promise.all(cases.map((of) => world.ask(operation, of)));

    const wrong = cases.flatMap((of, index) => {
      const outcome = outcomes[index] ?? '';
      return refusalOf(operation, of)?.includes(outcome) ? [] : [{ ...of, outcome }];
    });
    expect(wrong).toEqual([]);
    const asked = requests.slice(before);
    expect(
      asked.map(({ method, path }) => `${method} ${path}`).filter((one) => !looks.test(one)),
    ).toEqual([]);
  });
});

describe('all of these refusals', () => {
  it('are thousands, and leave no trace', async () => {
    const rows = await world.gatehouse.database.superuser(
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
        ...world.bearerOf('one'),
        ...(operation.access.actingUser && (await world.userFor('admin', 'acme'))),
        'x-request-id': 'the-same',
      };
      return Promise.all(names.map((name) => world.caller.send(callOf(operation, name, headers))));
    };

    it('answers byte for byte alike about foreign, unowned, deleted and unknown objects', async () => {
      const foreign = world.objectsOf('one', 'globex');
      const deleted = world.objectsOf('prefix', 'acme-gone');
      const all = [NO_THINGS, foreign, deleted, world.objectsOf('one', 'nobody')];

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
    world.caller.send(
      callOf(
        operation,
        { tenant: '', query },
        { ...world.bearerOf('one'), 'x-request-id': 'same' },
      ),
    );
  const idsOf = (tenant: string) => {
    const { directory, directoryGroup, directoryUser } = world.thingsOf(tenant);
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

/** Those that leave other operations nothing to find have a tenant of their own. */
const usesUp = ({ id, endpoint: { method } }: GuardedOperation): boolean =>
  method === 'delete' ||
  /^(createOrganization$|confirm|verify|accept|revoke|deactivate|expire)/.test(id);

describe.each(titled)('%s', (id, operation) => {
  it('is found by clients that may use it', async () => {
    const name = operation.access.everyTenant ? 'platform' : 'prefix';
    const tenant = `acme-${usesUp(operation) ? id : `shared-by-${name}`}`;
    const names = operation.access.newTenant
      ? { tenant }
      : namesFor(operation, tenant, await world.thingsIn(tenant, world.clientOf(name)));
    const headers = { ...world.bearerOf(name), ...(await world.userFor('admin', tenant)) };

    const answer = await world.caller.send(callOf(operation, names, headers));

    expect([[200, 201, 204].includes(answer.status), answer.text]).toEqual([true, answer.text]);
    for (const organization of world.gatehouse.workos.organizations.keys())
      expect(answer.text).not.toContain(organization);
  });
});
