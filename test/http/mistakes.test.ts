/** What a sibling’s engineer reads after typical mistakes with keys, users, bodies and fields: what is wrong, where, and what to do. */
import { describe, expect, it } from '@jest/globals';
import {
  admin,
  client,
  gatehouse,
  launch,
  LAUNCH,
  limited,
  link,
  LINK,
  list,
  send,
  useMistakes,
  type Ask,
  type Mistake,
} from './mistakes-setup.ts';

useMistakes();

const withKey = (authorization: string | undefined): Ask => ({ ...list(), authorization });
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
const userWith = async (claims: Record<string, unknown>): Promise<Ask> => ({
  ...link({}),
  user: await gatehouse.userToken(claims),
});

const MISTAKES: readonly Mistake[] = [
  [
    'no key is sent',
    () => withKey(undefined),
    '401 unauthenticated: The request has no Authorization header. Send the key of your client: Authorization: Bearer gh_…',
  ],
  [
    'the key has no Bearer before it',
    () => withKey(client.key),
    '401 unauthenticated: The Authorization header lacks its scheme, Bearer. Send the key of your client: Authorization: Bearer gh_…',
  ],
  [
    'the key is sent by Basic',
    () => withKey(`Basic ${btoa('x:y')}`),
    '401 unauthenticated: The Authorization header must have the scheme Bearer. Send the key of your client: Authorization: Bearer gh_…',
  ],
  [
    'a key of WorkOS is sent',
    () => withKey('Bearer sk_test_123'),
    '401 unauthenticated: This is a WorkOS key (sk_…), which Gatehouse does not take. Send the key of your client instead: it begins with gh_, and the platform team issues it.',
  ],
  [
    'half of the key is sent',
    () => withKey(`Bearer ${client.key.slice(0, 30)}`),
    '401 unauthenticated: The key is incomplete or changed: it is gh_, 12 characters, _ and 43 characters. Send it as the platform team issued it.',
  ],
  [
    'nobody has the key',
    () => withKey(`Bearer ${client.key.slice(0, -4)}AAAA`),
    '401 unauthenticated: The key is unknown, expired or revoked, or its client is disabled. Ask the platform team for a new one.',
  ],
  [
    'two spaces follow Bearer',
    () => withKey(`Bearer  ${client.key}`),
    '401 unauthenticated: The Authorization header is malformed: after Bearer and one space there must be the key and nothing else. Send the key of your client: Authorization: Bearer gh_…',
  ],
  [
    'the token of a user is sent as the key',
    () => withKey(`Bearer ${admin}`),
    '401 unauthenticated: The workload token is expired, of another issuer or audience, or of no registered client. Ask the platform team if its issuer and subject are registered for your client.',
  ],
  [
    'something else is sent as the key',
    () => withKey('Bearer hello'),
    '401 unauthenticated: The credential is neither a key of Gatehouse (gh_…) nor a workload token (a JWT). Send the key of your client: Authorization: Bearer gh_…',
  ],
  [
    'the client lacks the scope',
    () => ({
      ...list(),
      path: '/v1/webhook-endpoints/we_1/deliveries',
      method: 'GET',
      authorization: `Bearer ${limited.key}`,
    }),
    '403 insufficient_scope: This needs the scope events:read, which the client client-2 does not have. Ask the platform team to grant it.',
  ],
  [
    'the tenant is not the client’s',
    () => ({ ...list(), path: '/v1/tenants/acme', authorization: `Bearer ${limited.key}` }),
    '404 tenant_not_found: There is no such tenant for this client. Check the tenant id; if it is right, put the tenant (PUT /v1/tenants/{tenant_id}), or ask the platform team to allow it to your client.',
  ],
  [
    'no user is named',
    () => ({ ...link({}), user: undefined }),
    '403 acting_user_required: This needs an acting user: send the user’s token in Gatehouse-User-Token, or name the user in Gatehouse-User-Id and Gatehouse-User-Roles.',
  ],
  [
    'the user’s token has expired',
    () => userWith({ exp: inSeconds(-60) }),
    '401 invalid_user_token: The acting user’s token in Gatehouse-User-Token is refused: the token has expired. Send the token that the user has now, not a stored one.',
  ],
  [
    'the user’s token is for others',
    () => userWith({ aud: 'other' }),
    '401 invalid_user_token: The acting user’s token in Gatehouse-User-Token is refused: the token is for another audience. Send the JWT of the signed-in user as your identity provider issued it; the platform team knows which issuer, audience and claims it must have.',
  ],
  [
    'the user’s token has no roles',
    () => userWith({ roles: undefined }),
    '403 it_admin_required: The acting user is not an IT admin of this tenant: the token has no roles, and an IT admin has it_admin. Give the user the role, or a grant: PUT /v1/tenants/{tenant_id}/it-admins/{user_id}.',
  ],
  [
    'the user has other roles',
    () => userWith({ roles: ['member', 'billing'] }),
    '403 it_admin_required: The acting user is not an IT admin of this tenant: the token has member, billing, and an IT admin has it_admin. Give the user the role, or a grant: PUT /v1/tenants/{tenant_id}/it-admins/{user_id}.',
  ],
  [
    'the user is of another tenant',
    () => userWith({ tenant_id: 'globex' }),
    '403 it_admin_required: The acting user’s token is of another tenant than acme. Send the token of a user of this tenant, or correct the tenant id.',
  ],
  [
    'the user’s token names no tenant',
    () => userWith({ tenant_id: undefined }),
    '401 invalid_user_token: The acting user’s token in Gatehouse-User-Token is refused: the claim tenant_id is missing or not one string. Send the JWT of the signed-in user as your identity provider issued it; the platform team knows which issuer, audience and claims it must have.',
  ],
  [
    'the user’s token is none',
    () => ({ ...link({}), user: 'abc' }),
    '401 invalid_user_token: The acting user’s token in Gatehouse-User-Token is refused: the token is malformed. Send the JWT of the signed-in user as your identity provider issued it; the platform team knows which issuer, audience and claims it must have.',
  ],
  [
    'a user is named without roles',
    () => ({ ...link({}), user: undefined, headers: { 'gatehouse-user-id': 'ada' } }),
    '403 it_admin_required: The acting user is not an IT admin of this tenant: Gatehouse-User-Roles names no roles, and an IT admin has it_admin. Give the user the role, or a grant: PUT /v1/tenants/{tenant_id}/it-admins/{user_id}.',
  ],
  [
    'a user is named and sent as a token',
    () => ({
      ...link({}),
      headers: { 'gatehouse-user-id': 'ada', 'gatehouse-user-roles': 'it_admin' },
    }),
    '400 conflicting_user_headers: Send either Gatehouse-User-Token or Gatehouse-User-Id with Gatehouse-User-Roles, not both.',
  ],
  [
    'a client names a user and may not',
    () => ({
      ...link({ organization: 'globex' }),
      user: undefined,
      authorization: `Bearer ${limited.key}`,
      headers: { 'gatehouse-user-id': 'ada', 'gatehouse-user-roles': 'it_admin' },
    }),
    '403 insufficient_scope: Naming a user by header needs the scope users:assert. Send the user’s token in Gatehouse-User-Token instead, or ask the platform team for the scope.',
  ],
  [
    'JSON has single quotes',
    () => ({ path: LINK, body: "{'organization': 'acme'}" }),
    '400 malformed_request: The body is not valid JSON: at line 1, column 2, a name in double quotes, or } is expected.',
  ],
  [
    'JSON ends in a comma',
    () => ({ path: LINK, body: '{"organization": "acme",}' }),
    '400 malformed_request: The body is not valid JSON: at line 1, column 25, a name in double quotes is expected.',
  ],
  [
    'JSON is cut off',
    () => ({ path: LINK, body: '{"organization": "acme"' }),
    '400 malformed_request: The body is not valid JSON: it ends too early at line 1, column 24; a comma or } is expected.',
  ],
  [
    'the body is empty',
    () => ({ path: LINK, body: '' }),
    '422 invalid_request: organization: is required',
  ],
  ['there is no body', () => ({ path: LINK }), '422 invalid_request: organization: is required'],
  [
    'the body is an array',
    () => ({ path: LINK, body: [] }),
    '422 invalid_request: organization: is required',
  ],
  [
    'JSON repeats a name',
    () => ({ path: LINK, body: '{"intent":"sso","intent":"dsync"}' }),
    '400 malformed_request: The JSON repeats a name in one object: "intent" at line 1, column 17.',
  ],
  [
    'a form is sent in place of JSON',
    () => ({
      path: LINK,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'organization=acme&intent=sso',
    }),
    '415 unsupported_media_type: Send the body in UTF-8 with the header Content-Type: application/json, and without Content-Encoding.',
  ],
  [
    'JSON is sent as text',
    () => ({ path: LINK, headers: { 'content-type': 'text/plain' }, body: '{}' }),
    '415 unsupported_media_type: Send the body in UTF-8 with the header Content-Type: application/json, and without Content-Encoding.',
  ],
  [
    'a field is in camel case',
    () => ({ path: LAUNCH, body: { tenantId: 'acme', intent: 'sso' } }),
    '422 invalid_request: tenantId: is not a field of this operation; did you mean tenant_id?',
  ],
  [
    'the tenant is called as at WorkOS',
    () => ({ path: LAUNCH, body: { organization: 'acme', intent: 'sso' } }),
    '422 invalid_request: tenant_id: is required; organization is not a field of this operation',
  ],
  [
    'the tenant is called as on native paths',
    () => ({ path: LINK, body: { tenant_id: 'acme', intent: 'sso' } }),
    '422 invalid_request: organization: is required; tenant_id is not a field of this operation',
  ],
  [
    'a field is near one that exists',
    () => launch({ expires: 60 }),
    '422 invalid_request: expires: is not a field of this operation; did you mean expires_in?',
  ],
  [
    'the intent is missing',
    () => link({ intent: undefined }),
    '422 invalid_request: intent: must be one of sso, dsync, audit_logs, log_streams, domain_verification, certificate_renewal, bring_your_own_key',
  ],
  [
    'the intent is in capitals',
    () => link({ intent: 'SSO' }),
    '422 invalid_request: intent: must be one of sso, dsync, audit_logs, log_streams, domain_verification, certificate_renewal, bring_your_own_key',
  ],
  [
    'the intent does not exist',
    () => link({ intent: 'saml' }),
    '422 invalid_request: intent: must be one of sso, dsync, audit_logs, log_streams, domain_verification, certificate_renewal, bring_your_own_key',
  ],
  [
    'an organization id of WorkOS is sent',
    () => link({ organization: 'org_01ABC' }),
    '422 invalid_request: organization: must be your tenant id, not a WorkOS organization id',
  ],
  [
    'the tenant does not exist',
    () => link({ organization: 'acme-inc' }),
    '404 tenant_not_found: There is no such tenant for this client. Check the tenant id; if it is right, put the tenant (PUT /v1/tenants/{tenant_id}), or ask the platform team to allow it to your client.',
  ],
  [
    'the return URL is of an unknown origin',
    () => link({ return_url: 'https://evil.example/x' }),
    '422 invalid_request: return_url: must be of a return origin of your client (https://app.example.com). Ask the platform team to add https://evil.example',
  ],
  [
    'the return URL is relative',
    () => link({ return_url: '/settings' }),
    '422 invalid_request: return_url: must be an absolute https URL, such as https://app.example.com/settings',
  ],
  [
    'the tenant id has a slash',
    () => ({ path: '/v1/tenants/a%2Fb', method: 'PUT', body: { name: 'A' } }),
    '422 invalid_request: tenant_id: must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit',
  ],
  [
    'the tenant id has a space',
    () => ({ path: '/v1/tenants/a%20b', method: 'PUT', body: { name: 'A' } }),
    '422 invalid_request: tenant_id: must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit',
  ],
  [
    'the tenant id looks like one of WorkOS',
    () => ({ path: '/v1/tenants/org_1', method: 'PUT', body: { name: 'A' } }),
    '422 invalid_request: tenant_id: must be your tenant id, not a WorkOS organization id',
  ],
  [
    'a tenant has no name',
    () => ({ path: '/v1/tenants/new', method: 'PUT', body: {} }),
    '422 invalid_request: name: is required',
  ],
  [
    'an organization has no external id',
    () => ({ path: '/organizations', body: { name: 'A' } }),
    '422 invalid_request: external_id: is required',
  ],
  [
    'a link is asked for by GET',
    () => ({ path: LINK, method: 'GET' }),
    '405 method_not_allowed: This path does not take GET, only POST.',
  ],
  [
    'a tenant is put by POST',
    () => ({ path: '/v1/tenants/acme', body: { name: 'A' } }),
    '405 method_not_allowed: This path does not take POST, only PUT, GET, HEAD, PATCH, DELETE.',
  ],
  [
    'the path is mistyped',
    () => ({ path: '/v1/tenant/acme', method: 'GET' }),
    '404 not_found: There is nothing at this path; GET /openapi.json lists all operations.',
  ],
  [
    'an SDK has not encoded the slash of an external id',
    () => ({ path: '/user_management/users/external_id/crm/7', method: 'GET' }),
    '404 not_found: An external id with a slash must be percent-encoded; encode it before giving it to an SDK that does not.',
  ],
  [
    'the path has a version too many',
    () => ({ path: '/v1/portal/generate_link', body: {} }),
    '404 not_found: The path has something before /portal; the base URL of an SDK is the origin of Gatehouse alone, without a path.',
  ],
  [
    'the base URL of an SDK has a path',
    () => ({ path: '/gatehouse/organizations/acme', method: 'GET' }),
    '404 not_found: The path has something before /organizations; the base URL of an SDK is the origin of Gatehouse alone, without a path.',
  ],
  [
    'the base URL of an SDK ends in a slash',
    () => ({ path: '//organizations', method: 'GET' }),
    '404 not_found: The path begins with two slashes; the base URL of your SDK must not end in one.',
  ],
  [
    'the operation is not offered',
    () => ({ path: '/fga/v1/check', body: {} }),
    '501 not_implemented: Gatehouse does not offer this WorkOS operation; GET /openapi.json lists those it offers.',
  ],
  [
    'the limit is too high',
    () => list('?limit=1000'),
    '422 invalid_request: limit: must be a number from 1 to 100',
  ],
  [
    'the limit is a word',
    () => list('?limit=ten'),
    '422 invalid_request: limit: must be a number from 1 to 100',
  ],
  [
    'the query has a name that does not exist',
    () => list('?page=2'),
    '422 invalid_request: page: is not a field of this operation',
  ],
];

describe('a sibling reads what to do', () => {
  it.each(MISTAKES)('when %s', async (_mistake, ask, said) => {
    expect(await send(await ask())).toBe(said);
  });
});
