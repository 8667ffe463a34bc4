/** What the body names and WorkOS does not have is named in the refusal, and not what the path names. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ForwardedEndpoint } from '../../src/pass-through/forwarding/forwarded-endpoint.ts';
import { guardedOperations } from '../support/operations.ts';
import { makeThings, NO_THINGS, type Things } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let platform: TestClient;
let token: string;
let things: Things = NO_THINGS;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  token = await gatehouse.userToken();
  await gatehouse.provision('acme');
  things = await makeThings(gatehouse, await organizationOf(gatehouse, 'acme'));
});

const ROLES = '/authorization/organizations/acme/roles';
const USERS = '/user_management';
const invitation = { email: 'grace@people.example', organization_id: 'acme' };
const membership = () => ({ organization_id: 'acme', user_id: things.leaver });
type Case = readonly [string, 'post' | 'put', () => string, () => object, string];
/** WorkOS answers 404 to each. */
const CASES: readonly Case[] = [
  [
    'addOrganizationRolePermission',
    'post',
    () => `${ROLES}/${things.role}/permissions`,
    () => ({ slug: 'nothing' }),
    'role or permission',
  ],
  [
    'setOrganizationRolePermissions',
    'put',
    () => `${ROLES}/${things.role}/permissions`,
    () => ({ permissions: ['nothing'] }),
    'role or permission',
  ],
  [
    'addRolePermission',
    'post',
    () => '/authorization/roles/admin/permissions',
    () => ({ slug: 'nothing' }),
    'role or permission',
  ],
  [
    'setRolePermissions',
    'put',
    () => '/authorization/roles/admin/permissions',
    () => ({ permissions: ['nothing'] }),
    'role or permission',
  ],
  [
    'createOrganizationRole',
    'post',
    () => ROLES,
    () => ({ name: 'R', slug: 'org-r', resource_type_slug: 'nothing' }),
    'kind of resource',
  ],
  [
    'createRole',
    'post',
    () => '/authorization/roles',
    () => ({ name: 'R', slug: 'r', resource_type_slug: 'nothing' }),
    'kind of resource',
  ],
  [
    'createPermission',
    'post',
    () => '/authorization/permissions',
    () => ({ name: 'P', slug: 'p', resource_type_slug: 'nothing' }),
    'kind of resource',
  ],
  [
    'createOrganizationApiKey',
    'post',
    () => '/organizations/acme/api_keys',
    () => ({ name: 'K', permissions: ['nothing'] }),
    'permission',
  ],
  [
    'createUserApiKey',
    'post',
    () => `${USERS}/users/${things.user}/api_keys`,
    () => ({ name: 'K', organization_id: 'acme', permissions: ['nothing'] }),
    'user or permission',
  ],
  [
    'createOrganizationMembership',
    'post',
    () => `${USERS}/organization_memberships`,
    () => ({ ...membership(), role_slug: 'nothing' }),
    'user or role',
  ],
  [
    'createOrganizationMembership',
    'post',
    () => `${USERS}/organization_memberships`,
    () => ({ ...membership(), role_slugs: ['nothing'] }),
    'user or role',
  ],
  [
    'updateOrganizationMembership',
    'put',
    () => `${USERS}/organization_memberships/${things.membership}`,
    () => ({ role_slug: 'nothing' }),
    'role',
  ],
  [
    'addGroupMember',
    'post',
    () => `/organizations/acme/groups/${things.group}/organization-memberships`,
    () => ({ organization_membership_id: things.otherMembership }),
    'group or organization membership',
  ],
  [
    'sendInvitation',
    'post',
    () => `${USERS}/invitations`,
    () => ({ ...invitation, role_slug: 'nothing' }),
    'role',
  ],
  [
    'sendInvitation',
    'post',
    () => `${USERS}/invitations`,
    () => ({ ...invitation, inviter_user_id: things.user }),
    'inviting user',
  ],
  [
    'createWidgetToken',
    'post',
    () => '/widgets/token',
    () => ({ organization_id: 'acme', user_id: things.user }),
    'user',
  ],
];

describe('a refusal', () => {
  it.each(CASES)('of %s %s names what is missing', async (id, method, path, body, noun) => {
    const { endpoint } = guardedOperations.find((one) => one.id === id) ?? {};
    const operation = `${method.toUpperCase()} ${(endpoint?.path ?? '').replaceAll(/\{\w+\}/g, '*')}`;
    gatehouse.workos.fault(operation, { kind: 'status', status: 404 }, { times: 1 });

    const res = await gatehouse.as(platform, token)[method](path()).send(body());

    expect([res.status, (res.body as { detail: string }).detail]).toEqual([
      ...[404, `There is no such ${noun} for this client.`],
    ]);
  });

  it('is tested for every operation whose body names an object of WorkOS', () => {
    const NAMING =
      /^(role_slugs?|permissions|\w*user_id|organization_membership_id|resource_type_slug)$/;
    const naming = guardedOperations.filter(({ endpoint }) => {
      const { forward, body } = endpoint as Partial<ForwardedEndpoint>;
      return forward && Object.keys(body?.shape ?? {}).some((name) => NAMING.test(name));
    });
    const tested = CASES.map(([id]) => id);

    // Its `user_id` is refused.
    expect(naming.map(({ id }) => id).filter((id) => !tested.includes(id))).toEqual([
      'enrollFactor',
    ]);
  });
});
