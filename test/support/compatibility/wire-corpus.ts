/** Requests in the forms in which official SDKs of all languages and ages write them, as facts. */

export interface WireForm {
  /** Whose form it is. */
  readonly by: string;
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `{tenant}` is an organization’s id at WorkOS, and a tenant id here; the other names are objects of it. */
  readonly path: string;
  /** JSON, or text as it is. Absent: no body. */
  readonly body?: unknown;
  /** Default: `application/json`, whether there is a body or not. Null: none. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: success. */
  readonly status?: number;
  /** The gateway has a feed of its own, so that only statuses are compared. */
  readonly onlyStatus?: true;
  /** What `Gatehouse-Ignored` names. */
  readonly ignored?: string;
  /** What WorkOS is given by the gateway. Absent: not looked at. */
  readonly reaches?: Readonly<Record<string, unknown>>;
}

const get = (by: string, what: string, path: string, more: Partial<WireForm> = {}): WireForm => ({
  ...{ by, what, method: 'GET', path, type: null },
  ...more,
});
const post = (
  by: string,
  what: string,
  path: string,
  body: unknown,
  more: Partial<WireForm> = {},
) => ({ by, what, method: 'POST', path, body, ...more }) as const satisfies WireForm;
const put = (by: string, what: string, path: string, body: unknown, more: Partial<WireForm> = {}) =>
  ({ by, what, method: 'PUT', path, body, ...more }) as const satisfies WireForm;

const feed = (by: string, what: string, query: string): WireForm =>
  get(by, what, `/events?organization_id={tenant}&${query}`, { onlyStatus: true, status: 200 });

const DOMAINS = { query: { domains: 'one.test,two.test' } };
const MEMBERSHIPS = '/user_management/organization_memberships?user_id={user}';
const STATUSES_OF_PHP =
  'statuses%5B0%5D%5Bname%5D=Active&statuses%5B0%5D%5Bvalue%5D=active&statuses%5B1%5D%5Bname%5D=Inactive&statuses%5B1%5D%5Bvalue%5D=inactive';
const lists = [
  get(
    'Python, Ruby, Go 10',
    'a list repeated',
    '/organizations?domains=one.test&domains=two.test',
    {
      reaches: DOMAINS,
    },
  ),
  get('Node, Kotlin', 'a list with commas', '/organizations?domains=one.test,two.test', {
    reaches: DOMAINS,
  }),
  get('.NET, Go 4', 'a list in brackets', '/organizations?domains[]=one.test&domains[]=two.test', {
    reaches: DOMAINS,
  }),
  get(
    'PHP',
    'a list with indexes',
    '/organizations?domains%5B0%5D=one.test&domains%5B1%5D=two.test',
    { reaches: DOMAINS },
  ),
  get('PHP', 'a list of one', '/organizations?domains%5B0%5D=one.test', {
    reaches: { query: { domains: 'one.test' } },
  }),
  get('Go', 'a list without values', '/organizations?domains=&limit=1'),
  feed('Go 4', 'events in brackets', 'events[]=connection.activated&events[]=user.created'),
  feed('PHP', 'events with indexes', 'events%5B0%5D=connection.activated'),
  feed('Python', 'events repeated', 'events=connection.activated&events=user.created'),
  feed('anyone', 'no events', 'events='),
  feed('Python', 'the third order of events', 'order=normal'),
  get('PHP 9', 'enums as their properties', `${MEMBERSHIPS}&${STATUSES_OF_PHP}`, {
    reaches: { query: { statuses: 'active,inactive' } },
  }),
  get('Go 4', 'a type without a body', '/organizations?limit=10&order=desc', {
    type: 'application/json',
  }),
  get('Python', 'the third order', '/organizations?limit=1&order=normal'),
  get('older SDKs', 'empty parameters', '/organizations?before=&after=&order=&limit=&search='),
  get('newer SDKs', 'an unknown parameter', '/connections?organization_id={tenant}&include=x', {
    ignored: 'include',
  }),
  ...['x=1&x=2', 'x[]=1&x[]=2', 'x%5B0%5D=1', 'x[a]=1'].map((form) =>
    get('newer SDKs', `an unknown list or map, ${form}`, `/organizations?${form}`, {
      ignored: 'x',
      status: 200,
    }),
  ),
  get('Go 4', 'the older name of a filter', '/user_management/users?organization={tenant}'),
  get('Go 4', 'a path in another case', '/Organizations/{tenant}'),
  get('anyone', 'a path in capitals', '/USER_MANAGEMENT/Users/{user}'),
];

const portal = [
  post('Ruby 5, PHP 4', 'null options', '/portal/generate_link', {
    ...{ intent: 'sso', organization: '{tenant}', return_url: null, success_url: null },
  }),
  post('Go 4–6', 'empty options', '/portal/generate_link', {
    ...{ intent: 'sso', organization: '{tenant}', return_url: '', success_url: '' },
  }),
  post('Python', 'an empty list', '/portal/generate_link', {
    ...{ organization: '{tenant}', intent: 'sso', it_contact_emails: [] },
  }),
  post('Node 7, 8', 'options', '/portal/generate_link', {
    ...{ organization: '{tenant}', intent: 'sso' },
    intent_options: { sso: { bookmark_slug: 'x', provider_type: 'GoogleSAML' } },
  }),
];

const organizations = [
  post(
    'Go 4',
    'nulls for lists and maps, and an empty key',
    '/organizations',
    {
      ...{ name: 'Wire', allow_profiles_outside_organization: false, domains: null },
      ...{ domain_data: null, external_id: 'wire-1', metadata: null },
    },
    { headers: { 'idempotency-key': '' } },
  ),
  put(
    'Go 4',
    'fields under the names of the language',
    '/organizations/{tenant}',
    {
      ...{ Organization: '{tenant}', Name: 'X', AllowProfilesOutsideOrganization: false },
      ...{ Domains: null, domain_data: null, external_id: '', metadata: null },
    },
    { ignored: 'Organization, Name, AllowProfilesOutsideOrganization, Domains' },
  ),
  put('Python, Go 10', 'metadata removed', '/organizations/{tenant}', { metadata: null }),
  put('Node 11', 'a key removed', '/organizations/{tenant}', { metadata: { tier: null } }),
  put('Go 10', 'an empty value', '/organizations/{tenant}', { metadata: { tier: '' } }),
  put('PHP', 'an empty map', '/organizations/{tenant}', { metadata: [] }),
  put('Node 11', 'a customer set', '/organizations/{tenant}', { stripe_customer_id: 'cus_1' }),
  put('Node 11', 'a customer removed', '/organizations/{tenant}', { stripe_customer_id: null }),
  put('PHP', 'no fields', '/organizations/{tenant}', []),
  post('Kotlin', 'no body and no type', '/organization_domains/{domain}/verify', undefined, {
    type: null,
  }),
  post('Ruby 10, Python', 'an empty body', '/organization_domains/{domain}/verify', ''),
  post('PHP 9, .NET', 'an empty object', '/organization_domains/{domain}/verify', {}),
  post('PHP 4', 'an empty list', '/organization_domains/{domain}/verify', []),
];

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const event = {
  ...{ action: 'user.signed_in', occurred_at: '2026-11-28T02:00:00.000+00:00' },
  actor: { id: 'a', type: 'user', name: null, metadata: null },
  targets: [{ id: 't', type: 'team', name: null, metadata: [] }],
  context: { location: '192.0.2.1', user_agent: null },
  ...{ metadata: null, version: null },
};
const others = [
  post('PHP 5–9', 'nulls in nested objects', '/audit_logs/events', {
    organization_id: '{tenant}',
    event,
  }),
  post(
    'newer SDKs',
    'a nested field that nobody knows',
    '/audit_logs/events',
    { organization_id: '{tenant}', event: { ...event, shape: 'x' } },
    { ignored: 'event.shape' },
  ),
  // The person whose act is recorded chooses some of these, and must not be able to suppress the event.
  post('anyone', 'texts of any kind and length', '/audit_logs/events', {
    organization_id: '{tenant}',
    event: {
      ...{ action: 'user.signed_in', occurred_at: '2026-11-22T12:00:00.000Z' },
      actor: { id: '', type: 'user', name: 'Line\nfeed' },
      targets: Array.from({ length: 101 }, () => ({ id: 'x'.repeat(300), type: 'team' })),
      context: { location: '', user_agent: `tab\t${'x'.repeat(2_000)}` },
    },
  }),
  post('Python', 'filters of any kind and number', '/audit_logs/exports', {
    organization_id: '{tenant}',
    ...{ range_start: daysAgo(2), range_end: daysAgo(1), targets: [''] },
    actor_ids: Array.from({ length: 101 }, (_, n) => `user_${n}`),
  }),
  post('anyone', 'a user agent of any length', '/user_management/users', {
    ...{ email: 'agent@wire.test', user_agent: `tab\t${'x'.repeat(2_000)}` },
  }),
  post('Ruby 5, PHP 4', 'null options', '/auth/factors/enroll', {
    ...{ type: 'totp', totp_issuer: 'Wire', totp_user: 'a@wire.test', phone_number: null },
  }),
  post('Go 4', 'empty options', '/auth/factors/enroll', {
    ...{ phone_number: '', totp_issuer: 'Wire', totp_user: 'a@wire.test', type: 'totp' },
  }),
  post('Ruby 5, PHP 4', 'a null template', '/auth/factors/{factor}/challenge', {
    sms_template: null,
  }),
  post('Go 10', 'an empty object', '/auth/factors/{factor}/challenge', {}),
  post('anyone', 'no body', '/auth/factors/{factor}/challenge', undefined, { type: null }),
  post(
    '.NET, Ruby 5',
    'a charset',
    '/audit_logs/actions/team.made/schemas',
    { targets: [{ type: 'team' }] },
    { type: 'application/json; charset=UTF-8' },
  ),
  post('Go 4', 'empty options and 0', '/passwordless/sessions', {
    ...{ email: 'a@wire.test', type: 'MagicLink', connection: '', redirect_uri: '' },
    ...{ state: '', expires_in: 0 },
  }),
];

const users = [
  post('PHP 4', 'null options', '/user_management/users', {
    ...{ email: 'php@wire.test', password: null, first_name: 'Pat', last_name: null },
    ...{ email_verified: null, password_hash: null, password_hash_type: null },
    ...{ external_id: null, metadata: null },
  }),
  post(
    'Node 11',
    'newer fields',
    '/user_management/users',
    {
      ...{ email: 'node@wire.test', name: 'Pat Doe', ip_address: '192.0.2.1' },
      ...{ user_agent: 'x', signals_id: 's' },
    },
    { reaches: { body: { name: 'Pat Doe', ip_address: '192.0.2.1', signals_id: 's' } } },
  ),
  put('Node 11', 'a name', '/user_management/users/{user}', { name: 'Ada' }),
  put('Node 11', 'a metadata key', '/user_management/users/{user}', { metadata: { plan: 'x' } }),
  put('Node 11', 'a key removed', '/user_management/users/{user}', { metadata: { plan: null } }),
  put('anyone', 'a name cleared', '/user_management/users/{user}', { first_name: '' }),
  put(
    'Go 4–6',
    'a stray field',
    '/user_management/users/{user}',
    { User: '{user}', first_name: 'Q' },
    { ignored: 'User' },
  ),
];

const read = [
  get(
    'Ruby 5',
    'names without values',
    '/user_management/users?organization_id={tenant}&limit&before&after&order=desc',
  ),
  put(
    'Ruby 5',
    'the id in the body',
    '/user_management/users/{user}',
    { id: '{user}' },
    { ignored: 'id' },
  ),
  post('Python 10', 'an invitation to no tenant', '/user_management/invitations', {
    email: 'free@wire.test',
  }),
  get('Python 10', 'groups by name', '/organizations/{tenant}/groups?search=eng', {
    reaches: { query: { search: 'eng' } },
  }),
  get(
    'Python 10',
    'members with their users',
    '/organizations/{tenant}/groups/{group}/organization-memberships?order=desc',
  ),
];

const refused = [
  post('nobody', 'no e-mail address', '/user_management/users', {}, { status: 422 }),
  post('nobody', 'a wrong type', '/user_management/users', { email: 1 }, { status: 422 }),
  post(
    'nobody',
    'an unknown kind of hash',
    '/user_management/users',
    { email: 'h@wire.test', password_hash: 'x', password_hash_type: 'rot13' },
    { status: 422 },
  ),
  get('nobody', 'a limit that is none', '/organizations?limit=0', { status: 422 }),
  get('nobody', 'an order that is none', '/organizations?order=up', { status: 422 }),
  post(
    'nobody',
    'an unknown intent',
    '/portal/generate_link',
    { organization: '{tenant}', intent: 'x' },
    { status: 422 },
  ),
  ...[
    '/connections/a%20b',
    '/organizations/Acme%20Inc',
    '/user_management/users/external_id/%C3%BC',
  ].map((path) => get('anyone', 'an id that nothing can have', path, { status: 404 })),
  post('nobody', 'a factor without a type', '/auth/factors/enroll', { type: '' }, { status: 422 }),
];

/** The specification requires a body, even where it requires no field. */
const bodiless = [
  ['PUT', '/organizations/{tenant}'],
  ['PUT', '/organizations/{tenant}/audit_logs_retention'],
  ['PUT', '/user_management/users/{user}'],
  ['PUT', '/user_management/organization_memberships/{membership}'],
  ['PATCH', '/organizations/{tenant}/groups/{group}'],
  ['PATCH', '/authorization/organizations/{tenant}/roles/org-billing'],
  ['PATCH', '/authorization/roles/admin'],
  ['PATCH', '/authorization/permissions/invoices:read'],
] as const;
const described = [
  '/organizations/{tenant}/groups/{group}',
  '/authorization/organizations/{tenant}/roles/org-billing',
  '/authorization/roles/admin',
  '/authorization/permissions/invoices:read',
].flatMap((path): WireForm[] =>
  ['two\nlines', ''].map((description) => ({
    ...{ by: 'anyone', what: 'a description of several lines, or none' },
    ...{ method: 'PATCH', path, body: { description } },
  })),
);

const changes = bodiless.flatMap(([method, path]): WireForm[] => [
  { by: 'nobody', what: 'no body', method, path, status: 422 },
  ...(path.endsWith('retention')
    ? []
    : [{ by: 'PHP', what: 'a list in place of an object', method, path, body: [], status: 200 }]),
]);

const last = [
  {
    by: 'Go 10, PHP',
    what: 'a type without a body',
    method: 'DELETE',
    path: '/organization_domains/{domain}',
  },
  { by: 'Go 4–6.0', what: 'a capital', method: 'DELETE', path: '/Organizations/{doomed}' },
] as const;

export const wireForms: readonly WireForm[] = [
  ...lists,
  ...portal,
  ...organizations,
  ...others,
  ...users,
  ...read,
  ...refused,
  ...changes,
  ...described,
  ...last,
];
