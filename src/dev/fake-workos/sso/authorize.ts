/** `GET /sso/authorize`: redirects the browser to the identity provider, or back with an error. */
import { z } from 'zod';
import { expiryIn, deleteExpired } from '../state/expiry.ts';
import type { ApiRequest, Operation, Reply } from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { page, redirect, renderNotice } from '../http/page.ts';
import { identityProviderOf, sharedProvider } from './profiles.ts';
import { SignInError } from './sign-in-errors.ts';
import type { Connection } from '../state/connections.ts';
import type { IdentityProvider } from '../state/sign-in.ts';
import type { World } from '../state/world.ts';

const SIGN_IN_LIFETIME_MS = 10 * 60_000;

const Provider = z.enum([
  'AppleOAuth',
  'BitbucketOAuth',
  'GitHubOAuth',
  'GitLabOAuth',
  'GoogleOAuth',
  'IntuitOAuth',
  'LinkedInOAuth',
  'MicrosoftOAuth',
  'SalesforceOAuth',
  'SlackOAuth',
  'VercelMarketplaceOAuth',
  'VercelOAuth',
  'XeroOAuth',
]);

type Query = ApiRequest['query'];

export const authorizeOperations: readonly Operation[] = [
  { method: 'GET', path: '/sso/authorize', open: true, perform: authorize },
];

/** Redirects to the client's redirect URI with a code or an error, and the state. */
export function redirectToClient(query: Query, result: Record<string, string>): Reply {
  const url = new URL(query.redirect_uri ?? '');
  const { state } = query;
  for (const [name, value] of Object.entries({ ...result, ...(state !== undefined && { state }) }))
    url.searchParams.append(name, value);
  return redirect(302, url.href);
}

/** True when the browser may be redirected to this URI. */
export function isRegistered(world: World, redirectUri: string): boolean {
  if (world.redirectUris.size > 0) return world.redirectUris.has(redirectUri);
  return z.url({ protocol: /^https?$/ }).safeParse(redirectUri).success;
}

function authorize({ query }: ApiRequest, world: World): Reply {
  // Never redirect to an unregistered URI, not even with an error (open redirect).
  if (query.client_id !== world.clientId) return errorPage('This client ID is not known.');
  if (!isRegistered(world, query.redirect_uri ?? ''))
    return errorPage('This redirect URI is not registered for the client.');
  try {
    checkRequest(query);
    return redirect(302, startSignIn(world, query, selectedProvider(world, query)));
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return redirectToClient(query, { error: error.code, error_description: error.message });
  }
}

function errorPage(text: string): Reply {
  return page(400, renderNotice({ site: 'Fake WorkOS', title: 'Sign-in cannot start', text }));
}

function checkRequest(query: Query): void {
  if (query.response_type !== 'code')
    throw new SignInError('unsupported_response_type', 'The response type must be code.');
  if (query.code_challenge !== undefined && query.code_challenge_method !== 'S256')
    throw new SignInError('invalid_request', 'The code challenge method must be S256.');
}

function startSignIn(world: World, query: Query, provider: IdentityProvider): string {
  const token = randomText(48);
  deleteExpired(world.state.signIns, world.now());
  world.state.signIns.set(token, {
    token,
    identity_provider: provider,
    query,
    expires_at: expiryIn(SIGN_IN_LIFETIME_MS, world.now()),
  });
  return `${world.url}/idp/login?session=${token}`;
}

/** @throws SignInError unless the selectors name exactly one active connection or provider */
function selectedProvider(world: World, query: Query): IdentityProvider {
  const { connection, organization, provider, domain } = query;
  if (domain !== undefined) throw new SignInError('domain_connection_selector_not_allowed');
  const given = [connection, organization, provider].filter((selector) => selector !== undefined);
  if (given.length !== 1) throw new SignInError('invalid_connection_selector');
  if (connection !== undefined)
    return identityProviderOf(requireActive(world.state.connections.get(connection)));
  if (organization !== undefined) return identityProviderOf(onlyConnection(world, organization));
  const known = Provider.safeParse(provider);
  if (!known.success)
    throw new SignInError('invalid_connection_selector', 'There is no such provider.');
  return sharedProvider(known.data, known.data);
}

function onlyConnection({ state }: World, organizationId: string): Connection {
  if (!state.organizations.has(organizationId))
    throw new SignInError(
      'organization_invalid',
      'There is no organization matching the provided ID.',
    );
  const connections = [...state.connections.values()].filter(
    ({ organization_id }) => organization_id === organizationId,
  );
  if (connections.length === 0) throw new SignInError('organization_invalid');
  const active = connections.filter(isActive);
  if (active.length > 1) throw new SignInError('ambiguous_connection_selector');
  return requireActive(active[0] ?? connections[0]);
}

function requireActive(connection: Connection | undefined): Connection {
  if (!connection) throw new SignInError('connection_invalid');
  if (!isActive(connection)) throw new SignInError('connection_unlinked');
  return connection;
}

function isActive({ state, status }: Connection): boolean {
  return state === 'active' && status === 'linked';
}
