/**
 * Objects that a client may not see are left out of pages. The iterators of the SDKs for Python, Go and PHP end at an
 * empty page, whatever its cursor says, so a page is empty only at the end of the list.
 */
import { WorkOS as WorkOS11 } from '@workos-inc/node';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS as WorkOS7 } from 'workos-node-7';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { askWorkos, foreignOrganization, makeUser } from '../support/resource-things.ts';
import { sdkOptions } from '../support/sdk.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
const USERS = '/user_management';
let platform: TestClient;
let limited: TestClient;
let person: string;

/** One of each at acme, several at organizations without a tenant, one more at acme, several more elsewhere. */
beforeAll(async () => {
  platform = await gatehouse.createClient();
  limited = await gatehouse.createClient({ tenants: ['acme', 'team-*'] });
  await gatehouse.provision('acme');
  const acme = await organizationOf(gatehouse, 'acme');
  person = await makeUser(gatehouse, []);
  for (const organization of [acme, undefined, undefined, undefined, acme, undefined, undefined])
    await makeOneOfEach(organization ?? (await foreignOrganization(gatehouse)));
});

async function makeOneOfEach(organization: string) {
  const { workos } = gatehouse;
  workos.addConnection(organization);
  workos.addDirectory(organization);
  workos.addMembership(organization, person);
  await askWorkos(gatehouse, 'POST', `${USERS}/invitations`, {
    organization_id: organization,
    email: `${workos.state.invitations.size}@people.example`,
  });
  await askWorkos(gatehouse, 'POST', `${USERS}/users/${person}/api_keys`, {
    ...{ name: 'Key', organization_id: organization },
  });
}

interface Page {
  readonly data: readonly { readonly id: string; readonly organization_id?: string }[];
  readonly list_metadata: Readonly<Record<'after' | 'before', string | null>>;
}
const pageOf = async (client: TestClient, path: string, query: object) => {
  const res = await gatehouse.as(client).get(path).query(query);
  expect([path, query, res.status]).toEqual([path, query, 200]);
  return res.body as Page;
};

/** As the SDKs iterate: until a page is empty or has no cursor. */
async function iterate(
  client: TestClient,
  path: string,
  { way = 'after', ...query }: Readonly<Record<string, string | undefined>>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null = null; pages.length < 50;) {
    const at: Record<string, string> = cursor === null ? {} : { [way]: cursor };
    const page = await pageOf(client, path, { ...query, ...at });
    pages.push(page);
    cursor = page.list_metadata[way as 'after' | 'before'];
    if (page.data.length === 0 || cursor === null) break;
  }
  return pages;
}
const idsOf = (pages: readonly Page[]) => pages.flatMap(({ data }) => data.map(({ id }) => id));

const LISTS: readonly [string, () => string][] = [
  ['connections', () => '/connections'],
  ['directories', () => '/directories'],
  ['invitations', () => `${USERS}/invitations`],
  ['memberships of a user', () => `${USERS}/organization_memberships?user_id=${person}`],
  ['API keys of a user', () => `${USERS}/users/${person}/api_keys`],
];

describe.each(LISTS)('a list of every tenant’s %s', (_, path) => {
  it.each([
    { order: 'asc', limit: '1' },
    { order: 'desc', limit: '1' },
    { order: 'asc', limit: '2' },
    { order: 'normal', limit: '1', way: 'before' },
  ])('gives an iterator all that there is: %j', async (query) => {
    const all = (await pageOf(platform, path(), { limit: '100', order: 'asc' })).data;
    const pages = await iterate(platform, path(), query);

    const inOrder = all.map(({ id }) => id);
    expect(inOrder).toHaveLength(2);
    expect(idsOf(pages)).toEqual(query.order === 'asc' ? inOrder : inOrder.reverse());
  });

  it.each(['asc', 'desc'])('leads back from its end to its start: %s', async (order) => {
    const last = await pageOf(platform, path(), { limit: '100', order });
    const before = last.data.at(-1)?.id ?? '';

    const back = await iterate(platform, path(), { order, before, limit: '1', way: 'before' });

    expect(idsOf(back).slice(0, 1)).toEqual([last.data[0]?.id]);
    expect(JSON.stringify([back, last])).not.toContain('org_');
  });
});

describe('a list of organizations', () => {
  const TEAMS = Array.from({ length: 6 }, (_, at) => `team-${at}`);
  beforeAll(async () => {
    for (const team of TEAMS) {
      await gatehouse.provision(team);
      if (/[1-4]$/.test(team)) await forget(team);
    }
  });

  /** WorkOS and the mirror no longer have it. */
  async function forget(team: string) {
    const id = await organizationOf(gatehouse, team);
    await askWorkos(gatehouse, 'DELETE', `/organizations/${id}`);
    await gatehouse.database.superuser('delete from mirror where id = $1', [id]);
  }

  it.each(['asc', 'desc'])('passes over organizations that are gone: %s', async (order) => {
    const pages = await iterate(limited, '/organizations', { order, limit: '1' });

    expect(idsOf(pages).sort()).toEqual(['acme', 'team-0', 'team-5']);
  });
});

describe('the iterator of the Node SDK', () => {
  it.each([
    ['7', WorkOS7],
    ['8', WorkOS8],
    ['11', WorkOS11],
  ])('ends with the last of what the client may see: %s', async (_, WorkOS) => {
    const workos = new WorkOS(platform.key, sdkOptions(gatehouse));

    const listed = await (await workos.sso.listConnections()).autoPagination();

    expect(listed.map(({ organizationId }) => organizationId)).toEqual(['acme', 'acme']);
  });
});
