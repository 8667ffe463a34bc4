/** What the words in capitals of the access cases stand for: see `fake-workos-things.ts`. */
import type { WorkOS } from '@workos-inc/node';
import type { FakeWorkos } from '../../src/dev/fake-workos/server.ts';

type Thing = () => string | Promise<string>;

/** @param organization whose things they are */
export function accessThings(
  { fake, workos }: { fake: FakeWorkos; workos: WorkOS },
  organization: string,
): Record<string, Thing> {
  const { userManagement, groups, authorization, apiKeys } = workos;
  let count = 0;
  const user = (given: { emailVerified?: boolean } = {}) => {
    count += 1;
    return userManagement.createUser({ email: `person${count}@acme.test`, ...given });
  };
  const membership = async (status: 'active' | 'pending' = 'active', role = 'member') =>
    fake.addMembership(organization, (await user()).id, { status, role: { slug: role } });
  const invitation = (email = 'guest@acme.test') =>
    userManagement.sendInvitation({ email, organizationId: organization });
  const group = async () =>
    (await groups.createGroup({ organizationId: organization, name: 'Engines' })).id;
  const fullGroup = async () => {
    const [groupId, { id }] = [await group(), await membership()];
    const joined = { organizationId: organization, groupId, organizationMembershipId: id };
    await groups.addOrganizationMembership(joined);
    return { groupId, id };
  };
  const permission = async (slug = 'reading') => {
    const known = [...fake.state.permissions.values()].some((one) => one.slug === slug);
    if (!known) await authorization.createPermission({ slug, name: 'Read' });
    return slug;
  };
  const role = async () => {
    const slug = 'org-billing';
    await authorization.createOrganizationRole(organization, { slug, name: 'Billing' });
    const permissionSlug = await permission();
    await authorization.addOrganizationRolePermission(organization, slug, { permissionSlug });
    return slug;
  };
  const key = () => apiKeys.createOrganizationApiKey({ organizationId: organization, name: 'Key' });
  const flag = (targets: string[] = []) => fake.addFeatureFlag('beta', { targets }).slug;
  const resetOf = async () => userManagement.createPasswordReset({ email: (await user()).email });
  const verifying = async () => {
    const { id } = await user();
    await userManagement.sendVerificationEmail({ userId: id });
    return id;
  };
  const after = (make: () => unknown, value: string) => async () => {
    await make();
    return value;
  };
  return {
    PENDINGMEMBERSHIP: async () => (await membership('pending')).id,
    GROUPMEMBERSHIP: async () =>
      [...fake.state.groupMembers.values()].at(-1)?.membership_id ?? (await fullGroup()).id,
    FULLGROUP: async () => (await fullGroup()).groupId,
    OGROUP: group,
    ORGOFGROUP: after(group, organization),
    INVITATION: async () => (await invitation()).id,
    INVITATIONOFUSER: async () => (await invitation((await user()).email)).id,
    INVITATIONTOKEN: async () => (await invitation()).token,
    INVITEDMAIL: async () => (await userManagement.sendInvitation({ email: 'b@acme.test' })).email,
    REVOKEDINVITATION: async () =>
      (await userManagement.revokeInvitation((await invitation()).id)).id,
    ORGOFINVITATION: after(invitation, organization),
    PERMISSION: () => permission(),
    PERMISSIONCOUNT: after(permission, '1'),
    OROLE: role,
    OROLEOFMEMBER: async () => {
      const slug = await role();
      await membership('active', slug);
      return slug;
    },
    KEY: async () => (await key()).id,
    KEYVALUE: async () => (await key()).value,
    ORGOFKEY: after(key, organization),
    USEROFKEY: async () => {
      const { user_id } = await membership();
      await userManagement.createUserApiKey(user_id, { name: 'Key', organizationId: organization });
      return user_id;
    },
    FLAG: () => flag(),
    FLAGCOUNT: after(flag, '1'),
    ORGOFFLAG: after(() => flag([organization]), organization),
    USEROFFLAG: async () => {
      flag([organization]);
      return (await membership()).user_id;
    },
    MAGICAUTH: async () => (await userManagement.createMagicAuth({ email: 'c@acme.test' })).id,
    RESET: async () => (await resetOf()).id,
    RESETTOKEN: async () => (await resetOf()).passwordResetToken,
    VERIFIEDUSER: async () => (await user({ emailVerified: true })).id,
    VERIFYINGUSER: verifying,
    VERIFICATION: async () => {
      await verifying();
      return [...fake.state.emailVerifications.keys()].at(-1) ?? '';
    },
    VERIFICATIONCODE: () => [...fake.state.emailVerifications.values()].at(-1)?.code ?? '',
    CHANGINGUSER: async () => {
      const { id } = await user();
      const change = { new_email: 'changed@acme.test' };
      await workos.post(`/user_management/users/${id}/email_change/send`, change);
      return id;
    },
    CHANGECODE: () => [...fake.state.emailChanges.values()].at(-1)?.code ?? '',
  };
}
