/** What the SDKs can do of these resources and the gateway does not, and what needs no gateway. */
import type { Args } from './call.ts';

const user = { userId: 'user_1' };
const signIn = { email: 'ada@acme.test', code: '123456', password: 'secret', clientId: 'client' };
const token = { pendingAuthenticationToken: 'token', authenticationChallengeId: 'challenge' };
const credentials = {
  ...user,
  ...signIn,
  ...token,
  refreshToken: 'token',
  codeVerifier: 'verifier',
};
const contact = { contactId: 'contact_1', email: 'it@acme.test', intents: ['sso'] };

const ofOne: Args = () => ['id_1'];
const ofUser: Args = () => [user];
const ofUserId: Args = () => ['user_1', {}];
const ofCredentials: Args = () => [credentials];
const ofOrganization: Args = ({ acme }) => [{ organizationId: acme, ...contact, name: 'key' }];

const ofResource: Args = ({ acme }) => [
  {
    ...{ organizationId: acme, organizationMembershipId: 'om_1', groupId: 'group_1' },
    ...{ resourceId: 'resource_1', resourceTypeSlug: 'project', resourceExternalId: 'one' },
    ...{ externalId: 'one', name: 'One', roleSlug: 'admin', permissionSlug: 'read' },
    ...{ roleAssignmentId: 'assignment_1', roleAssignments: [] },
  },
];

const toAuthKit: Args = () => [
  { provider: 'authkit', redirectUri: 'https://app.example.com/callback', clientId: 'client' },
];

/** Method → arguments with which it makes its request, or an address. There the gateway answers 501. */
export const notOffered: Readonly<Record<string, Args>> = {
  'organizations.listItContacts': ofOrganization,
  'organizations.createItContact': ofOrganization,
  'organizations.deleteItContact': ofOrganization,
  'organizations.inviteItContact': ofOrganization,
  'organizations.revokeItContact': ofOrganization,
  'organizations.listOrganizationRoles': ofOrganization,
  'multiFactorAuth.createUserAuthFactor': () => [{ ...user, type: 'totp' }],
  'multiFactorAuth.listUserAuthFactors': ofUser,
  'userManagement.authenticateWithMagicAuth': ofCredentials,
  'userManagement.authenticateWithPassword': ofCredentials,
  'userManagement.authenticateWithCode': ofCredentials,
  'userManagement.authenticateWithCodeAndVerifier': ofCredentials,
  'userManagement.authenticateWithRefreshToken': ofCredentials,
  'userManagement.authenticateWithTotp': ofCredentials,
  'userManagement.authenticateWithEmailVerification': ofCredentials,
  'userManagement.authenticateWithOrganizationSelection': ofCredentials,
  'userManagement.authenticateWithRadarSmsChallenge': ofCredentials,
  'userManagement.authenticateWithRadarEmailChallenge': ofCredentials,
  'userManagement.sendRadarSmsChallenge': ofCredentials,
  'userManagement.sendMagicAuthCode': ofCredentials,
  'userManagement.sendPasswordResetEmail': ofCredentials,
  'userManagement.listSessions': ofUserId,
  'userManagement.getUserIdentities': ofUserId,
  'userManagement.listWaitlists': () => [],
  'userManagement.getWaitlist': ofOne,
  'userManagement.listWaitlistEntries': () => ['waitlist_1', {}],
  'userManagement.createWaitlistEntry': () => ['waitlist_1', { email: 'ada@acme.test' }],
  'userManagement.approveWaitlistEntry': ofOne,
  'userManagement.denyWaitlistEntry': ofOne,
  'userManagement.deleteWaitlistEntry': ofOne,
  'userManagement.revokeSession': () => [{ sessionId: 'session_1' }],
  'userManagement.getAuthorizationUrl': toAuthKit,
  'userManagement.getAuthorizationUrlWithPKCE': toAuthKit,
  'userManagement.getLogoutUrl': () => [{ sessionId: 'session_1' }],
  'userManagement.getJwksUrl': () => ['client'],
  'authorization.getResource': ofOne,
  'authorization.createResource': ofResource,
  'authorization.updateResource': ofResource,
  'authorization.deleteResource': ofResource,
  'authorization.listResources': ofResource,
  'authorization.getResourceByExternalId': ofResource,
  'authorization.updateResourceByExternalId': ofResource,
  'authorization.deleteResourceByExternalId': ofResource,
  'authorization.check': ofResource,
  'authorization.listRoleAssignments': ofResource,
  'authorization.listRoleAssignmentsForResource': ofResource,
  'authorization.listResourceRoleAssignments': ofResource,
  'authorization.assignRole': ofResource,
  'authorization.removeRole': ofResource,
  'authorization.removeRoleAssignment': ofResource,
  'authorization.listGroupRoleAssignments': ofResource,
  'authorization.getGroupRoleAssignment': ofResource,
  'authorization.createGroupRoleAssignment': ofResource,
  'authorization.removeGroupRoleAssignment': ofResource,
  'authorization.removeGroupRoleAssignments': ofResource,
  'authorization.replaceGroupRoleAssignments': ofResource,
  'authorization.listResourcesForMembership': ofResource,
  'authorization.listMembershipsForResource': ofResource,
  'authorization.listMembershipsForResourceByExternalId': ofResource,
  'authorization.listEffectivePermissions': ofResource,
  'authorization.listEffectivePermissionsByExternalId': ofResource,
};

const SESSION = 'is about a session of AuthKit, which the gateway does not begin';

/** Method → why there is nothing to compare. */
export const local: Readonly<Record<string, string>> = {
  'userManagement.resolveClientId': 'makes no request',
  'featureFlags.createRuntimeClient': 'polls an address outside the specification',
  'userManagement.jwks': SESSION,
  'userManagement.getJWKS': SESSION,
  'userManagement.isValidJwt': SESSION,
  'userManagement.loadSealedSession': SESSION,
  'userManagement.authenticateWithSessionCookie': SESSION,
  'userManagement.refreshAndSealSessionData': SESSION,
  'userManagement.prepareAuthenticationResponse': SESSION,
  'userManagement.sealSessionDataFromAuthenticationResponse': SESSION,
  'userManagement.getSessionFromCookie': SESSION,
  'userManagement.getLogoutUrlFromSessionCookie': SESSION,
};
