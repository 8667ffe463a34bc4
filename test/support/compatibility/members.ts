import type { Call } from './call.ts';

/** Users that later calls make members, and the roles and groups that they get. */
export const memberCalls: readonly Call[] = [
  {
    method: 'userManagement.createUser',
    when: 'a future member',
    args: () => [{ email: 'grace@acme.test' }],
    keep: 'member',
  },
  {
    method: 'userManagement.createOrganizationMembership',
    args: ({ acme, ids }) => [{ userId: ids.member, organizationId: acme, roleSlug: 'member' }],
    keep: 'membership',
  },
  {
    method: 'userManagement.createOrganizationMembership',
    when: 'the user is a member',
    args: ({ acme, ids }) => [{ userId: ids.member, organizationId: acme }],
  },
  {
    method: 'userManagement.createOrganizationMembership',
    when: 'there is no such user',
    args: ({ acme }) => [{ userId: 'user_none', organizationId: acme }],
  },
  {
    method: 'userManagement.listOrganizationMemberships',
    args: ({ acme }) => [{ organizationId: acme, statuses: ['active', 'pending'] }],
  },
  {
    method: 'userManagement.listOrganizationMemberships',
    when: 'of a user',
    args: ({ ids }) => [{ userId: ids.member }],
  },
  { method: 'userManagement.getOrganizationMembership', args: ({ ids }) => [ids.membership] },
  {
    method: 'userManagement.getOrganizationMembership',
    when: 'there is none',
    args: () => ['om_1'],
  },
  {
    method: 'userManagement.updateOrganizationMembership',
    args: ({ ids }) => [ids.membership, { roleSlug: 'admin' }],
  },
  {
    method: 'userManagement.updateOrganizationMembership',
    when: 'there is no such role',
    args: ({ ids }) => [ids.membership, { roleSlug: 'king' }],
  },
  {
    method: 'userManagement.deactivateOrganizationMembership',
    args: ({ ids }) => [ids.membership],
  },
  {
    method: 'userManagement.reactivateOrganizationMembership',
    args: ({ ids }) => [ids.membership],
  },
  {
    method: 'groups.createGroup',
    args: ({ acme }) => [{ organizationId: acme, name: 'Engines' }],
    keep: 'organizationGroup',
  },
  {
    method: 'groups.getGroup',
    args: ({ acme, ids }) => [{ organizationId: acme, groupId: ids.organizationGroup }],
  },
  {
    method: 'groups.getGroup',
    when: 'there is none',
    args: ({ acme }) => [{ organizationId: acme, groupId: 'group_none' }],
  },
  { method: 'groups.listGroups', args: ({ acme }) => [{ organizationId: acme }] },
  {
    method: 'groups.updateGroup',
    args: ({ acme, ids }) => [
      { organizationId: acme, groupId: ids.organizationGroup, name: 'Poetry' },
    ],
  },
  {
    method: 'groups.addOrganizationMembership',
    args: ({ acme, ids }) => [
      {
        organizationId: acme,
        groupId: ids.organizationGroup,
        organizationMembershipId: ids.membership,
      },
    ],
  },
  {
    method: 'groups.listOrganizationMemberships',
    args: ({ acme, ids }) => [{ organizationId: acme, groupId: ids.organizationGroup }],
  },
  {
    method: 'userManagement.listGroupsForOrganizationMembership',
    args: ({ ids }) => [{ organizationMembershipId: ids.membership }],
  },
  {
    method: 'groups.removeOrganizationMembership',
    args: ({ acme, ids }) => [
      {
        organizationId: acme,
        groupId: ids.organizationGroup,
        organizationMembershipId: ids.membership,
      },
    ],
  },
  {
    method: 'groups.deleteGroup',
    args: ({ acme, ids }) => [{ organizationId: acme, groupId: ids.organizationGroup }],
  },
  {
    method: 'widgets.createToken',
    args: ({ acme, ids }) => [
      { organizationId: acme, userId: ids.member, scopes: ['widgets:sso:manage'] },
    ],
  },
  {
    method: 'userManagement.sendInvitation',
    args: ({ acme, ids }) => [
      { email: 'max@acme.test', organizationId: acme, inviterUserId: ids.member },
    ],
    keep: 'invitation',
  },
  {
    method: 'userManagement.sendInvitation',
    when: 'the person is invited',
    args: ({ acme }) => [{ email: 'max@acme.test', organizationId: acme }],
  },
  { method: 'userManagement.listInvitations', args: ({ acme }) => [{ organizationId: acme }] },
  { method: 'userManagement.getInvitation', args: ({ ids }) => [ids.invitation] },
  { method: 'userManagement.getInvitation', when: 'there is none', args: () => ['invitation_1'] },
  {
    method: 'userManagement.findInvitationByToken',
    args: ({ fake, ids }) => [fake.state.invitations.get(ids.invitation ?? '')?.token],
  },
  { method: 'userManagement.resendInvitation', args: ({ ids }) => [ids.invitation] },
  {
    method: 'userManagement.acceptInvitation',
    when: 'there is no such user',
    args: ({ ids }) => [ids.invitation],
  },
  { method: 'userManagement.revokeInvitation', args: ({ ids }) => [ids.invitation] },
  {
    method: 'userManagement.acceptInvitation',
    when: 'it is revoked',
    args: ({ ids }) => [ids.invitation],
  },
];

/** The last calls about the member. */
export const lastMemberCalls: readonly Call[] = [
  { method: 'userManagement.deleteOrganizationMembership', args: ({ ids }) => [ids.membership] },
  {
    method: 'userManagement.deleteOrganizationMembership',
    when: 'it is gone',
    args: ({ ids }) => [ids.membership],
  },
];
