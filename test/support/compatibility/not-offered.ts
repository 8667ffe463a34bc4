/** What SDKs can do and the gateway does not offer, and what needs no gateway. */
import type { Args } from './call.ts';
import { isOffered } from './offered.ts';
import { argumentsOf, sdkOperations } from './sdk-operations.ts';

/** Methods that SDK 11 has no more. */
const OLDER = [
  'organizations.listOrganizationRoles',
  'userManagement.sendMagicAuthCode',
  'userManagement.sendPasswordResetEmail',
];

/** Method of SDK 11 → operation that it calls; undefined if it calls none. */
export const operationsOfMethods = await sdkOperations(11);
const older = [await sdkOperations(8), await sdkOperations(7)];

/** Returns the operation that a method calls in the newest SDK that has it; undefined if it calls none. */
export const operationOf = (method: string): string | undefined =>
  [operationsOfMethods, ...older].find((methods) => methods.has(method))?.get(method);

/** Methods that the gateway answers with 501. */
export const notOffered: readonly string[] = [...operationsOfMethods.keys(), ...OLDER].filter(
  (method) => {
    const operation = operationOf(method);
    return operation !== undefined && !isOffered(operation);
  },
);

/** Makes their requests, or addresses. */
export const argsOfNotOffered: Readonly<Record<string, Args>> = Object.fromEntries(
  notOffered.map((method) => [method, () => argumentsOf(method)]),
);

const AGENT = 'is about a token of an agent, which the gateway does not issue';
const DELIVERY = 'makes no request; it works with deliveries of the gateway';
const ACTION = 'makes no request; WorkOS calls the service itself, in AuthKit’s sign-in';
const PKCE = 'makes no request; it works with `/sso/authorize`';
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
  'agents.validateAccessToken': AGENT,
  'agents.verifyAccessTokenClaims': AGENT,
  'agents.getJWKS': AGENT,
  'vault.decode': 'makes no request; it is of no use without `vault.decrypt`',
  'webhooks.constructEvent': DELIVERY,
  'webhooks.verifyHeader': DELIVERY,
  'webhooks.computeSignature': DELIVERY,
  'webhooks.getTimestampAndSignatureHash': DELIVERY,
  'webhooks.parseVerifiedPayload': DELIVERY,
  'actions.constructAction': ACTION,
  'actions.verifyHeader': ACTION,
  'actions.computeSignature': ACTION,
  'actions.signResponse': ACTION,
  'actions.serializeType': ACTION,
  'pkce.generate': PKCE,
  'pkce.generateCodeVerifier': PKCE,
  'pkce.generateCodeChallenge': PKCE,
  'pkce.base64UrlEncode': PKCE,
};
