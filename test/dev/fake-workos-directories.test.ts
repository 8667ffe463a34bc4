import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionType } from '@workos-inc/node';
import type { DirectoryGroup, DirectoryUser } from '../../src/dev/fake-workos/state/directories.ts';
import { bothWays, useFakeWorkos } from '../support/fake-workos.ts';

const world = useFakeWorkos();
let organization: string;
let directory: string;

beforeEach(async () => {
  const { id } = await world.workos.organizations.createOrganization({ name: 'Acme' });
  organization = id;
  directory = world.fake.addDirectory(organization).id;
});

function user(email: string, given: Partial<DirectoryUser> = {}): DirectoryUser {
  return world.fake.addDirectoryUser(directory, { email, ...given });
}

function group(name: string, ...members: DirectoryUser[]): DirectoryGroup {
  const made = world.fake.addDirectoryGroup(directory, { name });
  for (const { id } of members) world.fake.addToGroup(made.id, id);
  return made;
}

async function raw(query: Record<string, string>): Promise<(string | null)[]> {
  const answer = await world.workos.get<{ data: DirectoryUser[] }>('/directory_users', { query });
  return answer.data.data.map(({ email }) => email);
}

describe('directory users', () => {
  it('contain their groups and their directory’s attributes', async () => {
    const ada = user('ada@acme.test', {
      first_name: 'Ada',
      last_name: 'Lovelace',
      state: 'suspended',
      custom_attributes: { cost_center: '7' },
      role: { slug: 'admin' },
    });
    const staff = group('Staff', ada);
    group('Sales');

    expect(await world.workos.directorySync.getUser(ada.id)).toMatchObject({
      id: ada.id,
      directoryId: directory,
      organizationId: organization,
      email: 'ada@acme.test',
      firstName: 'Ada',
      state: 'suspended',
      customAttributes: { cost_center: '7' },
      role: { slug: 'admin' },
      groups: [{ id: staff.id, name: 'Staff' }],
    });
  });

  it('are listed by directory and by group, and only those of either', async () => {
    const [ada, grace] = [user('ada@acme.test'), user('grace@acme.test')];
    const staff = group('Staff', ada, grace);
    const { id: other } = world.fake.addDirectory(organization);
    world.fake.addDirectoryUser(other, { email: 'eve@acme.test' });
    world.fake.removeFromGroup(staff.id, ada.id);
    const listed = async (filter: { directory?: string; group?: string }) =>
      (await world.workos.directorySync.listUsers(filter)).data.map(({ email }) => email);

    expect(await listed({ directory })).toEqual(['grace@acme.test', 'ada@acme.test']);
    expect(await listed({ group: staff.id })).toEqual(['grace@acme.test']);
    expect(await listed({ directory: other })).toEqual(['eve@acme.test']);
    expect(await listed({ directory: other, group: staff.id })).toEqual([]);
  });

  it('are listed by the id or the address of their provider, within a directory', async () => {
    user('ada@acme.test', { idp_id: 'idp_ada' });
    user('grace@acme.test');

    expect(await raw({ directory, idp_id: 'idp_ada' })).toEqual(['ada@acme.test']);
    expect(await raw({ directory, email: 'Grace@acme.test' })).toEqual(['grace@acme.test']);
    expect(await raw({ directory, email: 'nobody@acme.test' })).toEqual([]);
  });

  it.each([
    ['neither directory nor group', {}, 'directory'],
    ['an address without a directory', { group: 'GROUP', email: 'a@b.test' }, 'email'],
    ['an id without a directory', { group: 'GROUP', idp_id: 'idp_ada' }, 'idp_id'],
  ])('are refused with %s', async (_what, query, field) => {
    const { id } = group('Staff');
    const filled = Object.entries(query).map(([k, v]) => [k, v === 'GROUP' ? id : v] as const);

    await expect(raw(Object.fromEntries(filled))).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining(field),
    });
  });

  it('are listed page by page in both directions', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) user(`${name}@acme.test`);
    const { forth, back } = await bothWays((page) =>
      world.workos.directorySync.listUsers({ directory, ...page }),
    );
    const names = (pages: typeof forth) =>
      pages.map((page) => page.map(({ email }) => email?.charAt(0)).join(''));

    expect(names(forth)).toEqual(['ed', 'cb', 'a']);
    expect(names(back)).toEqual(['cb', 'ed']);
  });

  it('are all read by the pagination of the SDK', async () => {
    for (let count = 0; count < 101; count++) user(`user${count}@acme.test`);
    const list = await world.workos.directorySync.listUsers({ directory });

    expect(await list.autoPagination()).toHaveLength(101);
  });

  it('are counted by their directory, until they leave it', async () => {
    const ada = user('ada@acme.test');
    user('grace@acme.test', { state: 'inactive' });
    const staff = group('Staff', ada);
    const counts = () => world.fake.state.directories.get(directory)?.metadata;
    const before = counts();
    world.fake.removeDirectoryMember(ada.id);
    world.fake.removeDirectoryMember(staff.id);

    expect(before).toEqual({ users: { active: 1, inactive: 1 }, groups: 1 });
    expect(counts()).toEqual({ users: { active: 0, inactive: 1 }, groups: 0 });
    expect(world.fake.state.directoryMemberships.size).toBe(0);
    await expect(world.workos.directorySync.getUser(ada.id)).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['directory', () => world.workos.directorySync.deleteDirectory(directory)],
    ['organization', () => world.workos.organizations.deleteOrganization(organization)],
  ])('go with their %s', async (_what, remove) => {
    const staff = group('Staff', user('ada@acme.test'));
    await remove();

    const { directoryUsers, directoryGroups, directoryMemberships } = world.fake.state;
    expect([directoryUsers.size, directoryGroups.size, directoryMemberships.size]).toEqual([
      0, 0, 0,
    ]);
    await expect(world.workos.directorySync.getGroup(staff.id)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('the limit of directory users', () => {
  const list = (id: string) => world.workos.directorySync.listUsers({ directory: id });

  it('is off unless it is asked for', async () => {
    for (let call = 0; call < 20; call++) await list(directory);

    expect(world.fake.requestsTo('GET /directory_users')).toHaveLength(20);
  });

  it('lets four requests pass in any second, for each directory', async () => {
    world.fake.limits.directoryUsersPerSecond = 4;
    const { id: other } = world.fake.addDirectory(organization);
    for (let call = 0; call < 4; call++) {
      await list(directory);
      world.pass(200);
    }

    await expect(list(directory)).rejects.toMatchObject({ status: 429 });
    await list(other);
    world.pass(199);
    await expect(list(directory)).rejects.toMatchObject({ status: 429 });
    world.pass(1);
    await list(directory);
  });

  it('answers the bare text Ratelimited as JSON', async () => {
    world.fake.limits.directoryUsersPerSecond = 0;
    const answer = await fetch(`${world.fake.url}/directory_users?directory=${directory}`, {
      headers: { authorization: `Bearer ${world.fake.apiKey}` },
    });

    expect([answer.status, await answer.text()]).toEqual([429, '"Ratelimited"']);
    expect(answer.headers.get('content-type')).toContain('application/json');
  });

  it('counts a list by group for the directory of the group', async () => {
    const staff = group('Staff');
    world.fake.limits.directoryUsersPerSecond = 1;
    await list(directory);

    await expect(world.workos.directorySync.listUsers({ group: staff.id })).rejects.toMatchObject({
      status: 429,
    });
  });
});

describe('directory groups', () => {
  it('are listed by directory and by user, and found by id', async () => {
    const ada = user('ada@acme.test');
    const [staff, it] = [group('Staff', ada), group('IT')];
    const listed = async (filter: { directory?: string; user?: string }) =>
      (await world.workos.directorySync.listGroups(filter)).data.map(({ name }) => name);

    expect(await listed({ directory })).toEqual(['IT', 'Staff']);
    expect(await listed({ user: ada.id })).toEqual(['Staff']);
    expect(await world.workos.directorySync.getGroup(it.id)).toMatchObject({
      id: it.id,
      name: 'IT',
      directoryId: directory,
      organizationId: organization,
    });
    await expect(listed({})).rejects.toMatchObject({ status: 422 });
    await expect(listed({ user: 'none' })).rejects.toMatchObject({ status: 404 });
    expect(staff.id).toMatch(/^directory_group_01/);
  });

  it('are listed page by page in both directions', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) group(name);
    const { forth, back } = await bothWays((page) =>
      world.workos.directorySync.listGroups({ directory, ...page }),
    );
    const names = (pages: typeof forth) => pages.map((page) => page.map((g) => g.name).join(''));

    expect([names(forth), names(back)]).toEqual([
      ['ed', 'cb', 'a'],
      ['cb', 'ed'],
    ]);
  });
});

describe('a directory that the portal leaves behind', () => {
  it('has a few people in groups', async () => {
    const { link } = await world.workos.adminPortal.generateLink({
      organization,
      intent: 'dsync',
    });
    const token = new URL(link).searchParams.get('token') ?? '';
    await fetch(link.replace(/\?.*/, ''), {
      method: 'POST',
      body: new URLSearchParams({ token }),
    });
    const [made] = (await world.workos.directorySync.listDirectories()).data;
    const users = await world.workos.directorySync.listUsers({ directory: made?.id ?? '' });

    expect(users.data.map(({ email, groups }) => [email, groups.map(({ name }) => name)])).toEqual([
      ['alan@users.example.com', ['Staff']],
      ['grace@users.example.com', ['Staff']],
      ['ada@users.example.com', ['Staff', 'IT']],
    ]);
    expect(world.fake.state.directories.get(made?.id ?? '')?.metadata).toEqual({
      users: { active: 3, inactive: 0 },
      groups: 2,
    });
  });
});

describe('connections and directories', () => {
  it('are listed by type, domain, organization and part of their name', async () => {
    const { fake, workos } = world;
    const { id: other } = await workos.organizations.createOrganization({ name: 'Other' });
    const domains = [
      { object: 'connection_domain' as const, id: 'org_domain_1', domain: 'a.test' },
    ];
    fake.addConnection(organization, { name: 'Okta of Acme', domains });
    fake.addConnection(other, { name: 'Entra', connection_type: 'AzureSAML' });
    fake.addDirectory(other, { name: 'Entra', domain: 'b.test' });
    const connections = async (query: Record<string, string>) =>
      (await workos.get<{ data: { name: string }[] }>('/connections', { query })).data.data;
    const directories = async (query: Record<string, string>) =>
      (await workos.get<{ data: { name: string }[] }>('/directories', { query })).data.data;
    const typed = await workos.sso.listConnections({ connectionType: ConnectionType.AzureSAML });

    expect(typed.data).toMatchObject([{ name: 'Entra' }]);
    expect(await connections({ domain: 'a.test' })).toMatchObject([{ name: 'Okta of Acme' }]);
    expect(await connections({ search: 'okta' })).toMatchObject([{ name: 'Okta of Acme' }]);
    expect(await connections({ organization_id: other })).toMatchObject([{ name: 'Entra' }]);
    expect(await directories({ domain: 'b.test' })).toMatchObject([{ name: 'Entra' }]);
    expect(await directories({ search: 'entr' })).toMatchObject([{ name: 'Entra' }]);
    expect(await directories({ organization_id: organization })).toMatchObject([{ name: 'Acme' }]);
  });

  it('are listed page by page in both directions', async () => {
    const { fake, workos } = world;
    const { id: other } = await workos.organizations.createOrganization({ name: 'Other' });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      fake.addConnection(other, { name });
      fake.addDirectory(other, { name });
    }
    const connections = await bothWays((page) =>
      workos.sso.listConnections({ organizationId: other, ...page }),
    );
    const directories = await bothWays((page) =>
      workos.directorySync.listDirectories({ organizationId: other, ...page }),
    );
    const names = (pages: { name: string }[][]) =>
      pages.map((page) => page.map(({ name }) => name).join(''));

    for (const { forth, back } of [connections, directories]) {
      expect(names(forth)).toEqual(['ed', 'cb', 'a']);
      expect(names(back)).toEqual(['cb', 'ed']);
    }
  });

  it('are listed oldest first, and newest first with the cursors exchanged', async () => {
    const { fake, workos } = world;
    const { id: other } = await workos.organizations.createOrganization({ name: 'Other' });
    for (const name of ['a', 'b', 'c']) fake.addConnection(other, { name });
    const list = async (query: Record<string, string>) => {
      const { data } = await workos.get<{
        data: { id: string; name: string }[];
        list_metadata: { before: string | null; after: string | null };
      }>('/connections', { query: { organization_id: other, limit: '2', ...query } });
      return { names: data.data.map(({ name }) => name).join(''), ...data.list_metadata };
    };
    const oldest = await list({ order: 'asc' });
    const normal = await list({ order: 'normal' });

    expect(oldest).toMatchObject({ names: 'ab', before: null });
    expect(await list({ order: 'asc', after: oldest.after ?? '' })).toMatchObject({ names: 'c' });
    expect(normal).toMatchObject({ names: 'cb', after: null });
    expect(await list({ order: 'normal', before: normal.before ?? '' })).toMatchObject({
      names: 'a',
    });
  });
});

describe('organization domains', () => {
  it('are added, found, asked to be verified and deleted', async () => {
    const { organizationDomains } = world.workos;
    const added = await organizationDomains.createOrganizationDomain({
      domain: 'acme.test',
      organizationId: organization,
    });
    const verifying = await organizationDomains.verifyOrganizationDomain(added.id);
    const found = await organizationDomains.getOrganizationDomain(added.id);
    await organizationDomains.deleteOrganizationDomain(added.id);

    expect(found).toEqual(added);
    expect(verifying).toMatchObject({ state: 'pending', verificationStrategy: 'dns' });
    expect(found.verificationToken).toMatch(/^[0-9A-Z]{25}$/);
    await expect(organizationDomains.getOrganizationDomain(added.id)).rejects.toMatchObject({
      status: 404,
    });
    expect(world.fake.organizations.get(organization)?.domains).toEqual([]);
  });

  it('are refused when the organization has them or another one has verified them', async () => {
    const { organizationDomains, organizations } = world.workos;
    const add = (organizationId: string) =>
      organizationDomains.createOrganizationDomain({ domain: 'acme.test', organizationId });
    const { id: other } = await organizations.createOrganization({ name: 'Other' });
    const { id } = await add(organization);
    await add(other);

    await expect(add(organization)).rejects.toMatchObject({
      status: 409,
      code: 'domain_already_exists',
    });
    const own = world.fake.organizations.get(organization)?.domains[0];
    if (own) own.state = 'verified';
    await organizationDomains.deleteOrganizationDomain(
      world.fake.organizations.get(other)?.domains[0]?.id ?? '',
    );
    await expect(add(other)).rejects.toMatchObject({ status: 409, code: 'domain_already_exists' });
    await expect(organizationDomains.verifyOrganizationDomain(id)).rejects.toMatchObject({
      status: 400,
      code: 'domain_already_verified',
    });
  });
});
