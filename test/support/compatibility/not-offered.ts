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

const toAuthKit: Args = () => [
  { provider: 'authkit', redirectUri: 'https://app.example.com/callback', clientId: 'client' },
];

/** Method → arguments with which it makes its request, or an address. There the gateway answers 501. */
export const notOffered: Readonly<Record<string, Args>> = {
  'auditLogs.updateOrganizationAuditLogsRetention': ({ acme }) => [
    { id: acme, retentionPeriod: '1_YEAR', retentionPeriodInDays: 365 },
  ],
  'organizations.listItContacts': ofOrganization,
  'organizations.createItContact': ofOrganization,
  'organizations.deleteItContact': ofOrganization,
  'organizations.inviteItContact': ofOrganization,
  'organizations.revokeItContact': ofOrganization,
  'organizations.listOrganizationRoles': ofOrganization,
  'organizations.listOrganizationFeatureFlags': ofOrganization,
  'organizations.listOrganizationApiKeys': ofOrganization,
  'organizations.createOrganizationApiKey': ofOrganization,
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
  'userManagement.getEmailVerification': ofOne,
  'userManagement.sendVerificationEmail': ofUser,
  'userManagement.getMagicAuth': ofOne,
  'userManagement.createMagicAuth': ofCredentials,
  'userManagement.sendMagicAuthCode': ofCredentials,
  'userManagement.verifyEmail': ofCredentials,
  'userManagement.getPasswordReset': ofOne,
  'userManagement.createPasswordReset': ofCredentials,
  'userManagement.sendPasswordResetEmail': ofCredentials,
  'userManagement.resetPassword': ofCredentials,
  'userManagement.listSessions': ofUserId,
  'userManagement.listUserApiKeys': ofUserId,
  'userManagement.createUserApiKey': ofUserId,
  'userManagement.listUserFeatureFlags': ofUser,
  'userManagement.getUserIdentities': ofUserId,
  'userManagement.getOrganizationMembership': ofOne,
  'userManagement.listOrganizationMemberships': ofUser,
  'userManagement.createOrganizationMembership': ({ acme }) => [
    { ...user, organizationId: acme, roleSlug: 'member' },
  ],
  'userManagement.updateOrganizationMembership': () => ['om_1', { roleSlug: 'member' }],
  'userManagement.deleteOrganizationMembership': ofOne,
  'userManagement.deactivateOrganizationMembership': ofOne,
  'userManagement.reactivateOrganizationMembership': ofOne,
  'userManagement.listGroupsForOrganizationMembership': () => [
    { organizationMembershipId: 'om_1' },
  ],
  'userManagement.getInvitation': ofOne,
  'userManagement.findInvitationByToken': ofOne,
  'userManagement.listInvitations': () => [{}],
  'userManagement.sendInvitation': ofCredentials,
  'userManagement.acceptInvitation': ofOne,
  'userManagement.revokeInvitation': ofOne,
  'userManagement.resendInvitation': ofOne,
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
};

const SESSION = 'is about a session of AuthKit, which the gateway does not begin';

/** Method → why there is nothing to compare. */
export const local: Readonly<Record<string, string>> = {
  'userManagement.resolveClientId': 'makes no request',
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
