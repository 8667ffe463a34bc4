/**
 * A request for every status that the fake gives and the specification knows. `ORG`, `DOMAIN`,
 * `VERIFIED`, `CONNECTION` and `DIRECTORY` stand for ids of things that exist; `CODE`, `TOKEN`,
 * `PROFILE` and `LOGOUT` and what is like them for what a sign-in leaves behind.
 */
type Case = [
  operation: string,
  status: number,
  /** The `{id}` of the path, or a query. */
  target: string,
  /** Text is sent as it is. */
  body?: unknown,
  /** Instead of the API key. */
  bearer?: string,
];

const authorize = '?client_id=client_fake&redirect_uri=http://app.test/cb&response_type=code';
const exchange = {
  grant_type: 'authorization_code',
  client_id: 'client_fake',
  client_secret: 'sk_test_fake',
};

export const cases: Case[] = [
  ['GET /organizations', 200, '?limit=1&order=asc'],
  ['GET /organizations', 200, '?limit=1&order=normal&search=acme'],
  ['GET /organizations', 422, '?limit=101'],
  ['POST /organizations', 201, '', { name: 'New', external_id: 'new', domains: ['new.test'] }],
  ['POST /organizations', 400, '', { name: 'New', external_id: 'acme' }],
  ['POST /organizations', 400, '', { name: 'New', metadata: { tier: 1 } }],
  ['POST /organizations', 409, '', { name: 'New', domains: ['verified.test'] }],
  ['POST /organizations', 422, '', { name: '' }],
  ['POST /organizations', 422, '', { name: 'New', external_id: 'ä' }],
  ['GET /organizations/external_id/{external_id}', 200, 'acme'],
  ['GET /organizations/external_id/{external_id}', 404, 'none'],
  ['GET /organizations/{id}', 200, 'ORG'],
  ['GET /organizations/{id}', 404, 'none'],
  ['PUT /organizations/{id}', 200, 'ORG', { stripe_customer_id: 'cus_1', metadata: null }],
  ['PUT /organizations/{id}', 400, 'ORG', { external_id: 'other' }],
  ['PUT /organizations/{id}', 400, 'ORG', { stripe_customer_id: 'cus_other' }],
  ['PUT /organizations/{id}', 400, 'ORG', { metadata: { tier: null } }],
  ['PUT /organizations/{id}', 404, 'none', { name: 'Renamed' }],
  ['PUT /organizations/{id}', 409, 'ORG', { domains: ['other.test'] }],
  ['PUT /organizations/{id}', 422, 'ORG', { name: 1 }],
  ['DELETE /organizations/{id}', 202, 'ORG'],
  ['DELETE /organizations/{id}', 404, 'none'],
  ['POST /organization_domains', 201, '', { domain: 'new.test', organization_id: 'ORG' }],
  ['POST /organization_domains', 404, '', { domain: 'new.test', organization_id: 'none' }],
  ['POST /organization_domains', 409, '', { domain: 'acme.test', organization_id: 'ORG' }],
  ['POST /organization_domains', 422, '', { domain: '-', organization_id: 'ORG' }],
  ['GET /organization_domains/{id}', 200, 'DOMAIN'],
  ['GET /organization_domains/{id}', 404, 'none'],
  ['DELETE /organization_domains/{id}', 204, 'DOMAIN'],
  ['DELETE /organization_domains/{id}', 404, 'none'],
  ['POST /organization_domains/{id}/verify', 201, 'DOMAIN'],
  ['POST /organization_domains/{id}/verify', 400, 'VERIFIED'],
  ['POST /organization_domains/{id}/verify', 404, 'none'],
  ['GET /connections', 200, '?organization_id=ORG&connection_type=OktaSAML&domain=acme.test'],
  ['GET /connections', 422, '?order=random'],
  ['GET /connections/{id}', 200, 'CONNECTION'],
  ['GET /connections/{id}', 404, 'none'],
  ['DELETE /connections/{id}', 204, 'CONNECTION'],
  ['DELETE /connections/{id}', 404, 'none'],
  ['GET /directories', 200, '?organization_id=ORG&search=acme'],
  ['GET /directories', 422, '?limit=0'],
  ['GET /directories/{id}', 200, 'DIRECTORY'],
  ['GET /directories/{id}', 404, 'none'],
  ['DELETE /directories/{id}', 202, 'DIRECTORY'],
  ['DELETE /directories/{id}', 404, 'none'],
  ['POST /portal/generate_link', 201, '', { organization: 'ORG' }],
  ['POST /portal/generate_link', 400, '', '{'],
  ['POST /portal/generate_link', 404, '', { organization: 'none' }],
  ['POST /portal/generate_link', 422, '', { organization: 7 }],
  ['GET /sso/authorize', 302, `${authorize}&connection=CONNECTION`],
  ['GET /sso/authorize', 302, `${authorize}&organization=none`],
  ['POST /sso/token', 200, '', { ...exchange, code: 'CODE' }],
  ['POST /sso/token', 200, '', { ...exchange, code: 'CODEOFNULLS' }],
  ['POST /sso/token', 200, '', { ...exchange, code: 'CODEOFPROVIDER' }],
  ['POST /sso/token', 400, '', { ...exchange, code: 'none' }],
  ['POST /sso/token', 400, '', { ...exchange, code: 'CODE', client_secret: 'sk_test_other' }],
  ['POST /sso/token', 400, '', { ...exchange, code: 'CODE', grant_type: 'password' }],
  ['POST /sso/token', 404, '', { ...exchange, code: 'CODEOFNOBODY' }],
  ['POST /sso/token', 422, '', exchange],
  ['GET /sso/profile', 200, '', undefined, 'TOKEN'],
  ['GET /sso/profile', 401, '', undefined, 'sk_test_fake'],
  ['GET /sso/profile', 404, '', undefined, 'TOKENOFNOBODY'],
  ['GET /sso/jwks/{clientId}', 200, 'client_fake'],
  ['GET /sso/jwks/{clientId}', 404, 'client_other'],
  ['POST /sso/logout/authorize', 200, '', { profile_id: 'PROFILEOFOIDC' }],
  ['POST /sso/logout/authorize', 400, '', { profile_id: 'PROFILE' }],
  ['POST /sso/logout/authorize', 404, '', { profile_id: 'none' }],
  ['GET /sso/logout', 200, '?token=LOGOUT'],
  ['GET /sso/logout', 302, '?token=LOGOUTAWAY'],
  ['GET /sso/logout', 404, '?token=none'],
];

/** Answers the specification leaves open; the fake gives WorkOS's usual `{ message }`. */
export const outsideTheSpec: readonly string[] = [
  'DELETE /organizations/{id} 404',
  'DELETE /directories/{id} 404',
  'POST /organization_domains 404',
  'POST /organization_domains 422',
  'POST /organization_domains/{id}/verify 404',
];

/** Documented alternatives to the success the fake gives. */
export const neverGiven: readonly string[] = [
  'DELETE /organizations/{id} 200',
  'DELETE /connections/{id} 200',
  'DELETE /directories/{id} 200',
  'GET /sso/authorize 200',
  'POST /sso/token 201',
  'POST /sso/logout/authorize 201',
];

/** Operations of WorkOS that its specification does not know. */
export const unspecified: readonly string[] = [
  'POST /passwordless/sessions',
  'POST /passwordless/sessions/{id}/send',
];
