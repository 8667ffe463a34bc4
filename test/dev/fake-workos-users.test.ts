import { beforeEach, describe, expect, it } from '@jest/globals';
import { bothWays, useFakeWorkos } from '../support/fake-workos.ts';

const MINUTE = 60_000;
const HASH = `$2b$10$${'a'.repeat(53)}`;
const world = useFakeWorkos();
let organization: string;

beforeEach(async () => {
  organization = (await world.workos.organizations.createOrganization({ name: 'Acme' })).id;
});

function createUser(email: string, given: object = {}) {
  return world.workos.userManagement.createUser({ email, ...given });
}

async function memberOf(organizationId: string, email: string): Promise<string> {
  const { id: userId } = await createUser(email);
  await world.workos.userManagement.createOrganizationMembership({ organizationId, userId });
  return userId;
}

describe('users', () => {
  it('are found by id and by external id, as created', async () => {
    const { userManagement } = world.workos;
    const created = await createUser('ada@acme.test', {
      firstName: 'Ada',
      externalId: 'a/b?c',
      metadata: { team: 'core' },
      emailVerified: true,
      password: 'a long enough one',
    });

    expect(created).toMatchObject({
      email: 'ada@acme.test',
      firstName: 'Ada',
      lastName: null,
      externalId: 'a/b?c',
      emailVerified: true,
      metadata: { team: 'core' },
    });
    expect(created.id).toMatch(/^user_01[0-9A-Z]{24}$/);
    expect(await userManagement.getUser(created.id)).toEqual(created);
    expect(await userManagement.getUserByExternalId('a/b?c')).toEqual(created);
    await expect(userManagement.getUserByExternalId('a')).rejects.toMatchObject({ status: 404 });
  });

  it('change only the given fields', async () => {
    const { userManagement } = world.workos;
    const { id: userId } = await createUser('ada@acme.test', {
      lastName: 'Byron',
      externalId: 'ada',
      metadata: { kept: '1', changed: '1' },
    });
    world.pass(MINUTE);
    const changed = await userManagement.updateUser({
      userId,
      email: 'ada@new.test',
      locale: 'en-GB',
      passwordHash: HASH,
      passwordHashType: 'bcrypt',
      metadata: { changed: '2' },
    });

    expect(changed).toMatchObject({
      email: 'ada@new.test',
      lastName: 'Byron',
      locale: 'en-GB',
      externalId: 'ada',
      metadata: { kept: '1', changed: '2' },
      createdAt: '2026-11-22T12:00:00.000Z',
      updatedAt: '2026-11-22T12:01:00.000Z',
    });
    expect(await userManagement.getUser(userId)).toEqual(changed);
  });

  it('release an external id when it is cleared', async () => {
    const { id } = await createUser('ada@acme.test', { externalId: 'ada' });
    await world.workos.put(`/user_management/users/${id}`, { external_id: null });

    expect((await createUser('other@acme.test', { externalId: 'ada' })).externalId).toBe('ada');
  });

  it.each([
    ['an address that is none', { email: 'none' }, 'invalid_email'],
    ['an address that is taken', { email: 'Taken@acme.test' }, 'email_not_available'],
    ['an external id that is taken', { externalId: 'taken' }, 'external_id_already_used'],
  ])('are refused with %s: wrapped at creation, alone at a change', async (_what, given, code) => {
    await createUser('taken@acme.test', { externalId: 'taken' });
    const { id: userId } = await createUser('ada@acme.test');
    const creation = createUser('new@acme.test', given);

    await expect(creation).rejects.toMatchObject({
      status: 400,
      code: 'user_creation_error',
      errors: [{ code }],
    });
    await expect(
      world.workos.userManagement.updateUser({ userId, ...given }),
    ).rejects.toMatchObject({ status: 400, code });
    expect(world.fake.state.users.size).toBe(2);
    expect(world.fake.state.users.get(userId)?.email).toBe('ada@acme.test');
  });

  it.each([
    ['a short password', { password: 'short' }, 'password_strength_error'],
    ['a password of one letter', { password: 'aaaaaaaaaaaa' }, 'password_strength_error'],
    [
      'a password and a hash',
      { password: 'a long enough one', passwordHash: HASH, passwordHashType: 'bcrypt' },
      'password_and_password_hash_provided',
    ],
    [
      'a password and the type of a hash',
      { password: 'a long enough one', passwordHashType: 'bcrypt' },
      'password_and_password_hash_type_provided',
    ],
    ['a hash of no type', { passwordHash: HASH }, 'invalid_password_hash'],
    ['a type without a hash', { passwordHashType: 'bcrypt' }, 'invalid_password_hash'],
    [
      'a hash of another type',
      { passwordHash: 'x', passwordHashType: 'bcrypt' },
      'invalid_password_hash',
    ],
    ['metadata that is too long', { metadata: { key: 'x'.repeat(601) } }, 'invalid_metadata'],
  ])('are refused with %s', async (_what, given, code) => {
    const { id: userId } = await createUser('ada@acme.test');

    await expect(createUser('new@acme.test', given)).rejects.toMatchObject({ status: 400, code });
    await expect(
      world.workos.userManagement.updateUser({ userId, ...(given as object) }),
    ).rejects.toMatchObject({ status: 400, code });
    expect(world.fake.state.users.size).toBe(1);
  });

  it('are refused with an invalid locale or a value that is not text', async () => {
    const { userManagement } = world.workos;
    const { id: userId } = await createUser('ada@acme.test');

    await expect(userManagement.updateUser({ userId, locale: '?' })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_locale',
    });
    for (const refused of [
      world.workos.put(`/user_management/users/${userId}`, { first_name: 1 }),
      world.workos.post('/user_management/users', { first_name: 'Ada' }),
    ])
      await expect(refused).rejects.toMatchObject({
        status: 422,
        code: 'invalid_request_parameters',
      });
  });

  it('are listed by address and by organization', async () => {
    const { userManagement, organizations } = world.workos;
    const { id: other } = await organizations.createOrganization({ name: 'Other' });
    await memberOf(organization, 'ada@acme.test');
    await memberOf(other, 'grace@acme.test');
    const listed = async (filter: { email?: string; organizationId?: string }) =>
      (await userManagement.listUsers(filter)).data.map(({ email }) => email);
    const deprecated = await world.workos.get<{ data: object[] }>('/user_management/users', {
      query: { organization: other },
    });

    expect(await listed({})).toEqual(['grace@acme.test', 'ada@acme.test']);
    expect(await listed({ email: 'ADA@acme.test' })).toEqual(['ada@acme.test']);
    expect(await listed({ organizationId: organization })).toEqual(['ada@acme.test']);
    expect(await listed({ organizationId: other, email: 'ada@acme.test' })).toEqual([]);
    expect(deprecated.data.data).toMatchObject([{ email: 'grace@acme.test' }]);
  });

  it('are listed page by page in both directions', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await createUser(`${name}@acme.test`);
    const { forth, back } = await bothWays((page) => world.workos.userManagement.listUsers(page));
    const names = (pages: { email: string }[][]) =>
      pages.map((page) => page.map(({ email }) => email.charAt(0)).join(''));

    expect([names(forth), names(back)]).toEqual([
      ['ed', 'cb', 'a'],
      ['cb', 'ed'],
    ]);
  });

  it('take their memberships and factors with them', async () => {
    const { userManagement, multiFactorAuth } = world.workos;
    const userId = await memberOf(organization, 'ada@acme.test');
    const { data } = await world.workos.post<{ id: string }>('/auth/factors/enroll', {
      type: 'generic_otp',
      user_id: userId,
    });
    await multiFactorAuth.challengeFactor({ authenticationFactorId: data.id });
    await userManagement.deleteUser(userId);

    const { organizationMemberships, authFactors, authChallenges } = world.fake.state;
    expect([organizationMemberships.size, authFactors.size, authChallenges.size]).toEqual([
      0, 0, 0,
    ]);
    await expect(userManagement.getUser(userId)).rejects.toMatchObject({ status: 404 });
    await expect(userManagement.deleteUser(userId)).rejects.toMatchObject({ status: 404 });
  });
});

describe('memberships', () => {
  it('are created, found and deleted', async () => {
    const { userManagement } = world.workos;
    const { id: userId } = await createUser('ada@acme.test');
    const made = await userManagement.createOrganizationMembership({
      organizationId: organization,
      userId,
      roleSlug: 'admin',
    });
    const found = await userManagement.getOrganizationMembership(made.id);
    await userManagement.deleteOrganizationMembership(made.id);

    expect(made).toMatchObject({
      userId,
      organizationId: organization,
      organizationName: 'Acme',
      status: 'active',
      directoryManaged: false,
      role: { slug: 'admin' },
    });
    expect(found).toEqual(made);
    await expect(userManagement.getOrganizationMembership(made.id)).rejects.toMatchObject({
      status: 404,
    });
  });

  it('become active again with another role, if they were before', async () => {
    const { userManagement } = world.workos;
    const { id: userId } = await createUser('ada@acme.test');
    const { id } = world.fake.addMembership(organization, userId, { status: 'inactive' });
    const ask = { organizationId: organization, userId, roleSlugs: ['admin'] };
    const again = await userManagement.createOrganizationMembership(ask);

    expect(again).toMatchObject({ id, status: 'active', role: { slug: 'admin' } });
    await expect(userManagement.createOrganizationMembership(ask)).rejects.toMatchObject({
      status: 409,
      code: 'organization_membership_already_exists',
    });
  });

  it('are refused while an invitation is pending', async () => {
    const { id: userId } = await createUser('ada@acme.test');
    world.fake.addMembership(organization, userId, { status: 'pending' });

    await expect(
      world.workos.userManagement.createOrganizationMembership({
        organizationId: organization,
        userId,
      }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'cannot_reactivate_pending_organization_membership',
    });
  });

  it.each([
    ['an unknown role', { role_slug: 'king' }, 'invalid_role'],
    ['several roles', { role_slugs: ['admin', 'member'] }, 'multiple_roles_not_enabled'],
    ['roles twice', { role_slug: 'admin', role_slugs: ['admin'] }, 'invalid_request_parameters'],
    ['no user', { user_id: undefined }, 'invalid_request_parameters'],
  ])('are refused with %s', async (_what, given, code) => {
    const { id: user_id } = await createUser('ada@acme.test');
    const body = { user_id, organization_id: organization, ...given };

    await expect(
      world.workos.post('/user_management/organization_memberships', body),
    ).rejects.toMatchObject({ status: 422, code });
    expect(world.fake.state.organizationMemberships.size).toBe(0);
  });

  it('are listed by user, by organization and by status', async () => {
    const { userManagement, organizations } = world.workos;
    const { id: other } = await organizations.createOrganization({ name: 'Other' });
    const ada = await memberOf(organization, 'ada@acme.test');
    world.fake.addMembership(other, ada, { status: 'inactive' });
    await memberOf(other, 'grace@acme.test');
    type Filter = Parameters<typeof userManagement.listOrganizationMemberships>[0];
    const listed = async (filter: Filter) =>
      (await userManagement.listOrganizationMemberships(filter)).data.map(
        ({ organizationName, status }) => `${organizationName} ${status}`,
      );

    expect(await listed({ userId: ada })).toEqual(['Other inactive', 'Acme active']);
    expect(await listed({ organizationId: other })).toEqual(['Other active', 'Other inactive']);
    expect(await listed({ organizationId: other, userId: ada })).toEqual(['Other inactive']);
    expect(await listed({ userId: ada, statuses: ['active', 'pending'] })).toEqual(['Acme active']);
    for (const query of [{}, { user_id: ada, statuses: 'gone' }] as Record<string, string>[])
      await expect(
        world.workos.get('/user_management/organization_memberships', { query }),
      ).rejects.toMatchObject({
        status: 400,
        code: query.user_id ? 'invalid_request_parameters' : 'missing_user_id_or_organization_id',
      });
  });

  it('are listed page by page in both directions', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await memberOf(organization, `${name}@acme.test`);
    const { forth, back } = await bothWays((page) =>
      world.workos.userManagement.listOrganizationMemberships({
        organizationId: organization,
        ...page,
      }),
    );

    expect(forth.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(back.flat()).toEqual([...(forth[1] ?? []), ...(forth[0] ?? [])]);
  });

  it('go with their organization', async () => {
    await memberOf(organization, 'ada@acme.test');
    await world.workos.organizations.deleteOrganization(organization);

    expect(world.fake.state.organizationMemberships.size).toBe(0);
    expect(world.fake.state.users.size).toBe(1);
  });
});
