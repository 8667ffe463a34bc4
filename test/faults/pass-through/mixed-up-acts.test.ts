/** WorkOS, or something before it, answers an act with another object of the same kind, even of the same tenant. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { askWorkos, makeThings, makeUser, type Things } from '../../support/resource-things.ts';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const MEMBERSHIPS = '/user_management/organization_memberships';
const INVITATIONS = '/user_management/invitations';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

const gatehouse = useGatehouse();
/** Every tenant. */
let platform: TestClient;
/** Only `acme`. */
let client: TestClient;
let acme: string;
let globex: string;
/** Of `acme`. */
let ours: Things;
/** Of `acme` too. */
let others: Things;
/** Of `globex`. */
let theirs: Things;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  client = await gatehouse.createClient({ tenants: ['acme'] });
  for (const tenant of ['acme', 'globex']) await gatehouse.provision(tenant);
  acme = await organizationOf(gatehouse, 'acme');
  globex = await organizationOf(gatehouse, 'globex');
  ours = await makeThings(gatehouse, acme);
  others = await makeThings(gatehouse, acme);
  theirs = await makeThings(gatehouse, globex);
  for (const slug of ['gamma', 'delta']) gatehouse.workos.addFeatureFlag(slug);
  for (const slug of ['files.read', 'files.write'])
    await askWorkos(gatehouse, 'POST', '/authorization/permissions', { slug, name: slug });
});
afterEach(() => gatehouse.workos.clearFaults());

const answerWith = (operation: string, body: object, status = 200): void =>
  gatehouse.workos.fault(operation, { kind: 'status', status, body });
const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  `${status} ${(body as { code?: string }).code ?? ''}`.trim();
const ask = (as: TestClient, method: Method, path: string, body?: object) =>
  gatehouse.as(as)[method](path).send(body);
const WRONG = '502 upstream_invalid_response';

describe('an invitation that is sent again', () => {
  it('is not answered with another one, nor with its secrets', async () => {
    const path = `${INVITATIONS}/${ours.invitation}/resend`;
    const other = await askWorkos(gatehouse, 'GET', `${INVITATIONS}/${others.invitation}`);
    answerWith(`POST ${path}`, other);

    const res = await ask(client, 'post', path);

    expect(res.text).not.toContain(others.invitationToken);
    expect(codeOf(res)).toBe(WRONG);
  });

  it('is not answered with one of a tenant, if it is of none', async () => {
    const { id } = await askWorkos(gatehouse, 'POST', INVITATIONS, { email: 'x@people.example' });
    const path = `${INVITATIONS}/${id}/resend`;
    const other = await askWorkos(gatehouse, 'GET', `${INVITATIONS}/${theirs.invitation}`);
    answerWith(`POST ${path}`, other);

    const res = await ask(platform, 'post', path);

    expect(res.text).not.toContain(theirs.invitationToken);
    expect(codeOf(res)).toBe(WRONG);
  });
});

describe('an object of a tenant', () => {
  it.each<readonly [Method, string, keyof Things, string, object | undefined]>([
    ['post', INVITATIONS, 'invitation', '/accept', undefined],
    ['post', INVITATIONS, 'invitation', '/revoke', undefined],
    ['put', MEMBERSHIPS, 'membership', '', { role_slug: 'admin' }],
    ['put', MEMBERSHIPS, 'membership', '/deactivate', undefined],
    ['put', MEMBERSHIPS, 'membership', '/reactivate', undefined],
    ['post', '/organization_domains', 'domain', '/verify', undefined],
    ['put', '/user_management/users', 'user', '', { first_name: 'Ada' }],
  ])(
    'is not answered with another one of it: %s %s/{%s}%s',
    async (method, path, kind, act, body) => {
      const other = await askWorkos(gatehouse, 'GET', `${path}/${others[kind]}`);
      answerWith(`${method.toUpperCase()} ${path}/${ours[kind]}${act}`, other);

      expect(codeOf(await ask(platform, method, `${path}/${ours[kind]}${act}`, body))).toBe(WRONG);
    },
  );

  it('is not answered with another one of it: an API key that expires', async () => {
    const made = await ask(client, 'post', '/organizations/acme/api_keys', { name: 'Key' });
    const path = `/api_keys/${(made.body as { id: string }).id}/expire`;
    const keys = `/organizations/${acme}/api_keys`;
    const other = await askWorkos(gatehouse, 'POST', keys, { name: 'Other' });
    answerWith(`POST ${path}`, other);

    expect(codeOf(await ask(client, 'post', path))).toBe(WRONG);
  });
});

describe('a role of a tenant', () => {
  const ofTenant = (id: string, slug: string) => `/authorization/organizations/${id}/roles/${slug}`;

  it.each<readonly [Method, string, object | undefined]>([
    ['get', '', undefined],
    ['patch', '', { name: 'Role' }],
    ['put', '/permissions', { permissions: ['invoices:read'] }],
    ['post', '/permissions', { slug: 'invoices:read' }],
    ['delete', '/permissions/invoices:read', undefined],
  ])('is not answered with the role of another tenant: %s %s', async (method, rest, body) => {
    const other = await askWorkos(gatehouse, 'GET', ofTenant(globex, theirs.role));
    // WorkOS's roles name no tenant.
    const act = rest.replace(/invoices.*/, '*');
    answerWith(`${method.toUpperCase()} ${ofTenant(acme, ours.role)}${act}`, {
      ...other,
      organization_id: undefined,
    });

    const res = await ask(client, method, ofTenant('acme', ours.role) + rest, body);

    expect(res.text).not.toContain(theirs.role);
    expect(codeOf(res)).toBe(WRONG);
  });
});

describe('what the environment has', () => {
  it.each<readonly [Method, string, string, string, object | undefined]>([
    ['get', '/feature-flags', 'gamma', '', undefined],
    ['put', '/feature-flags', 'gamma', '/enable', undefined],
    ['put', '/feature-flags', 'gamma', '/disable', undefined],
    ['get', '/authorization/roles', 'admin', '', undefined],
    ['patch', '/authorization/roles', 'admin', '', { name: 'Admin' }],
    ['put', '/authorization/roles', 'admin', '/permissions', { permissions: [] }],
    ['get', '/authorization/permissions', 'files.read', '', undefined],
    ['patch', '/authorization/permissions', 'files.read', '', { name: 'Read' }],
  ])('is not answered with another: %s %s/%s%s', async (method, path, slug, rest, body) => {
    const names: Readonly<Record<string, string>> = { gamma: 'delta', admin: 'member' };
    const other = await askWorkos(gatehouse, 'GET', `${path}/${names[slug] ?? 'files.write'}`);
    answerWith(`${method.toUpperCase()} ${path}/${slug}${rest}`, other);

    expect(codeOf(await ask(platform, method, `${path}/${slug}${rest}`, body))).toBe(WRONG);
  });
});

it('a group that gets a member is not answered with another group', async () => {
  const { group, otherMembership } = ours;
  const other = await askWorkos(gatehouse, 'GET', `/organizations/${acme}/groups/${others.group}`);
  answerWith(`POST /organizations/${acme}/groups/${group}/organization-memberships`, other);

  const path = `/organizations/acme/groups/${group}/organization-memberships`;
  const res = await ask(client, 'post', path, { organization_membership_id: otherMembership });

  expect(codeOf(res)).toBe(WRONG);
});

it('a new membership is not answered with that of another user', async () => {
  const user = await makeUser(gatehouse, []);
  const other = await askWorkos(gatehouse, 'GET', `${MEMBERSHIPS}/${others.membership}`);
  answerWith(`POST ${MEMBERSHIPS}`, other, 201);

  const body = { user_id: user, organization_id: 'acme' };
  const res = await ask(platform, 'post', MEMBERSHIPS, body);

  expect(res.text).not.toContain(others.membership);
  expect(codeOf(res)).toBe(WRONG);
});

it('a new API key of a user is not answered with that of another user', async () => {
  const keysOf = (user: string) => `/user_management/users/${user}/api_keys`;
  const other = await askWorkos<{ value: string }>(gatehouse, 'POST', keysOf(others.user), {
    name: 'Key',
    organization_id: acme,
  });
  answerWith(`POST ${keysOf(ours.user)}`, other, 201);

  const body = { name: 'Key', organization_id: 'acme' };
  const res = await ask(client, 'post', keysOf(ours.user), body);

  expect(res.text).not.toContain(other.value);
  expect(codeOf(res)).toBe(WRONG);
});

it('a code is not said to be right because that of another challenge is', async () => {
  const enrolled = await ask(client, 'post', '/auth/factors/enroll', { type: 'generic_otp' });
  const { id: factor } = enrolled.body as { id: string };
  const challenge = async () =>
    (await ask(client, 'post', `/auth/factors/${factor}/challenge`)).body as {
      id: string;
      code: string;
    };
  const [asked, other] = [await challenge(), await challenge()];
  const { code } = other;
  const right = await askWorkos(gatehouse, 'POST', `/auth/challenges/${other.id}/verify`, { code });
  answerWith(`POST /auth/challenges/${asked.id}/verify`, right, 201);

  const res = await ask(client, 'post', `/auth/challenges/${asked.id}/verify`, { code: '000000' });

  expect(res.body).not.toHaveProperty('valid');
  expect(codeOf(res)).toBe(WRONG);
});

it('a new password is not answered with the user of another token', async () => {
  const sent = await ask(client, 'post', '/user_management/password_reset', { email: ours.email });
  const { password_reset_token: token } = sent.body as { password_reset_token: string };
  const user = await askWorkos(gatehouse, 'GET', `/user_management/users/${theirs.user}`);
  answerWith('POST /user_management/password_reset/confirm', { user });

  const body = { token, new_password: 'correct horse battery staple' };
  const res = await ask(client, 'post', '/user_management/password_reset/confirm', body);

  expect(res.text).not.toContain(theirs.email);
  expect(codeOf(res)).toBe(WRONG);
});

it('an API key of another tenant is not deleted because the list of that tenant’s keys was answered', async () => {
  const keys = `/organizations/${globex}/api_keys`;
  const key = await askWorkos(gatehouse, 'POST', keys, { name: 'Key' });
  answerWith(`GET /organizations/${acme}/api_keys`, await askWorkos(gatehouse, 'GET', keys));
  const admin = await gatehouse.userToken({ tenant_id: 'acme' });

  const res = await gatehouse.as(client, admin).delete(`/api_keys/${key.id}`);

  expect(codeOf(res)).toBe(WRONG);
  expect(gatehouse.workos.state.apiKeys.has(key.id)).toBe(true);
});

it('an invited user of a tenant is not shown in full because others’ invited users were answered', async () => {
  const email = 'stranger@globex.example';
  const stranger = await makeUser(gatehouse, [globex], { email, first_name: 'Grace' });
  gatehouse.workos.addMembership(acme, stranger, { status: 'pending' });
  const memberships = [...gatehouse.workos.state.organizationMemberships.values()];
  const data = memberships.filter((one) => one.organization_id === globex);
  const list = { object: 'list', data, list_metadata: { before: null, after: null } };
  answerWith(`GET ${MEMBERSHIPS}`, list);

  const res = await gatehouse
    .as(client)
    .get('/user_management/users')
    .query({ organization_id: 'acme', limit: 100 });

  expect(res.text).not.toContain('Grace');
  expect(codeOf(res)).toBe(WRONG);
});
