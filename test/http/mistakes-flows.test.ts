/** What a sibling’s engineer reads after typical mistakes with launches, e-mails, webhook endpoints, repetitions and sign-ins. */
import { describe, expect, it } from '@jest/globals';
import { authorizePath, createBrowser, signIn } from '../support/sign-in.ts';
import {
  client,
  gatehouse,
  launch,
  limited,
  send,
  useMistakes,
  type Ask,
  type Mistake,
} from './mistakes-setup.ts';

useMistakes();

const token = (fields: Record<string, string>): Ask => ({
  path: '/sso/token',
  authorization: undefined,
  user: undefined,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: client.id,
    client_secret: client.key,
    ...fields,
  }).toString(),
});
const twice = async (first: Ask, second: Ask = first): Promise<Ask> => {
  await send(first);
  return second;
};
const codeOf = async (query = {}) => (await signIn(gatehouse, client, { query })).code;

const MISTAKES: readonly Mistake[] = [
  [
    'a redirect is to last a day',
    () => launch({ expires_in: 86_400 }),
    '422 invalid_request: expires_in: must be 1 to 60 seconds with the mode redirect; a link for later has the mode confirm',
  ],
  [
    'a launch is to last for years',
    () => launch({ expires_in: 86_400_000 }),
    '422 invalid_request: expires_in: must be at most 604800',
  ],
  [
    'a number is a text',
    () => launch({ expires_in: '60' }),
    '422 invalid_request: expires_in: must be a number',
  ],
  [
    'the mode does not exist',
    () => launch({ mode: 'confirmed' }),
    '422 invalid_request: mode: must be one of redirect, confirm',
  ],
  [
    'an e-mail is asked for and none can be sent',
    () => launch({ send_to: 'ada@acme.com' }),
    '422 invalid_request: send_to: cannot be used, because this Gatehouse sends no e-mail. Leave it out and send the url of the reply yourself (mode: confirm), or ask the platform team to set SMTP_URL',
  ],
  [
    'send_to has a name',
    () => launch({ send_to: 'Ada <ada@acme.com>' }),
    '422 invalid_request: send_to: must be one e-mail address, such as ada@acme.com',
  ],
  [
    'send_to is a list',
    () => launch({ send_to: ['ada@acme.com'] }),
    '422 invalid_request: send_to: must be a string',
  ],
  [
    'an e-mailed link is to redirect',
    () => launch({ send_to: 'ada@acme.com', mode: 'redirect' }),
    '422 invalid_request: mode: must be confirm with send_to: mail programs open links by themselves',
  ],
  [
    'a locale has no e-mail',
    () => launch({ locale: 'de' }),
    '422 invalid_request: locale: needs send_to',
  ],
  [
    'the locale is none',
    () => launch({ send_to: 'ada@acme.com', locale: 'deutsch!' }),
    '422 invalid_request: send_to: cannot be used, because this Gatehouse sends no e-mail. Leave it out and send the url of the reply yourself (mode: confirm), or ask the platform team to set SMTP_URL',
  ],
  [
    'the endpoint is of an unknown origin',
    () => ({
      path: '/webhook_endpoints',
      body: { endpoint_url: 'https://other.example.com/hook', events: ['connection.activated'] },
    }),
    '422 invalid_url: endpoint_url: must have an origin to which events may be delivered. Ask the platform team to allow https://other.example.com (WEBHOOK_ENDPOINT_ORIGINS)',
  ],
  [
    'the endpoint has no TLS',
    () => ({
      path: '/webhook_endpoints',
      body: { endpoint_url: 'http://hooks.example.com/hook', events: ['connection.activated'] },
    }),
    '422 invalid_url: endpoint_url: must begin with https://',
  ],
  [
    'the type of an event is mistyped',
    () => ({
      path: '/webhook_endpoints',
      body: { endpoint_url: 'https://hooks.example.com/hook', events: ['connection.active'] },
    }),
    '422 invalid_request: events: connection.active is not a type of event; did you mean connection.activated?',
  ],
  [
    'the type of an event does not exist',
    () => ({
      path: '/webhook_endpoints',
      body: { endpoint_url: 'https://hooks.example.com/hook', events: ['foo'] },
    }),
    '422 invalid_request: events.0: must be a type of event, such as connection.activated; there are no wildcards',
  ],
  [
    'the type in a query is mistyped',
    () => ({ path: '/events?events=dsync.user.create', method: 'GET' }),
    '422 invalid_request: events: dsync.user.create is not a type of event; did you mean dsync.user.created?',
  ],
  [
    'an Idempotency-Key is used for another request',
    () =>
      twice(
        { ...launch({}), headers: { 'idempotency-key': 'k1' } },
        { ...launch({ intent: 'dsync' }), headers: { 'idempotency-key': 'k1' } },
      ),
    '422 idempotency_key_reused: This Idempotency-Key was used for another request. Choose a new one for each request, and send a repetition unchanged.',
  ],
  [
    'a launch is repeated',
    () => twice({ ...launch({}), headers: { 'idempotency-key': 'k2' } }),
    '409 idempotent_replay: This request was already carried out, and its secret is shown once. If it was lost, revoke it and create another.',
  ],
  [
    'an Idempotency-Key is too long',
    () => ({ ...launch({}), headers: { 'idempotency-key': 'k'.repeat(300) } }),
    '400 invalid_idempotency_key: Idempotency-Key: must be 1 to 255 printable ASCII characters.',
  ],
  [
    'a code is used twice',
    async () => {
      const code = await codeOf();
      return twice(token({ code }));
    },
    '400 invalid_grant: The code is unknown, used, expired, or not for this client, redirect URI or verifier. A code is good once and for ten minutes: begin a new sign-in.',
  ],
  [
    'the code is none',
    () => token({ code: 'abc' }),
    '400 invalid_grant: The code is unknown, used, expired, or not for this client, redirect URI or verifier. A code is good once and for ten minutes: begin a new sign-in.',
  ],
  ['the code is missing', () => token({}), '400 malformed_request: code: is required'],
  [
    'the client secret is a key of WorkOS',
    () => token({ code: 'abc', client_secret: 'sk_test_1' }),
    '401 invalid_client: This is a WorkOS key (sk_…), which Gatehouse does not take. Send the key of your client instead: it begins with gh_, and the platform team issues it.',
  ],
  [
    'the client secret is of another client',
    () => token({ code: 'abc', client_secret: limited.key }),
    '401 invalid_client: client_id is not that of the client whose key this is. It is the id of your client at Gatehouse, not a client id of WorkOS (client_…).',
  ],
  [
    'the client id is one of WorkOS',
    () => token({ code: 'abc', client_id: 'client_01ABC' }),
    '401 invalid_client: client_id is not that of the client whose key this is. It is the id of your client at Gatehouse, not a client id of WorkOS (client_…).',
  ],
  [
    'the code verifier is wrong',
    async () =>
      token({
        code: await codeOf({ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }),
        code_verifier: 'a'.repeat(43),
      }),
    '400 invalid_grant: The code is unknown, used, expired, or not for this client, redirect URI or verifier. A code is good once and for ten minutes: begin a new sign-in.',
  ],
  [
    'the code verifier is missing',
    async () =>
      token({
        code: await codeOf({ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }),
      }),
    '400 invalid_grant: The code is unknown, used, expired, or not for this client, redirect URI or verifier. A code is good once and for ten minutes: begin a new sign-in.',
  ],
  [
    'the grant type is another',
    () => token({ code: 'abc', grant_type: 'client_credentials' }),
    '400 unsupported_grant_type: grant_type must be authorization_code.',
  ],
  [
    'the grant type is missing',
    () => ({
      ...token({}),
      headers: { 'content-type': 'application/json' },
      body: { code: 'abc', client_id: client.id, client_secret: client.key },
    }),
    '400 malformed_request: grant_type: is required',
  ],
  [
    'the state of an IT admin does not exist',
    () => ({ path: '/v1/tenants/acme/it-admins/ada', method: 'PUT', body: { state: 'yes' } }),
    '422 invalid_request: state: must be one of granted, denied',
  ],
  [
    'the connection does not exist',
    () => ({ path: '/connections/conn_123', method: 'GET' }),
    '404 not_found: There is no such connection for this client.',
  ],
  [
    'the id of a launch is none',
    () => ({ path: '/v1/portal-launches/launch_123/revoke' }),
    '422 invalid_request: launch_id: must be the id of a portal launch',
  ],
  [
    'the access token is none',
    () => ({ path: '/sso/profile', method: 'GET', authorization: 'Bearer abc' }),
    '401 invalid_access_token: The access token is unknown or expired: exchange the code of a new sign-in. It is the access_token of POST /sso/token, not the key of your client.',
  ],
  [
    'an audit-log event has no schema',
    () => ({
      path: '/audit_logs/events',
      body: {
        organization_id: 'acme',
        event: {
          action: 'user.signed_in',
          occurred_at: new Date().toISOString(),
          actor: { id: 'a', type: 'user' },
          targets: [{ id: 't', type: 'team' }],
          context: { location: '1.1.1.1' },
        },
      },
    }),
    '400 invalid_audit_log_event: The event does not match the schema of its action, or the action has no schema yet. WorkOS refused the request: event.action.',
  ],
  ...(
    [
      ['/directory_users', 'group'],
      ['/directory_groups', 'user'],
    ] as const
  ).map(([path, other]): Mistake => [
    `no directory is named for ${path}`,
    () => ({ path, method: 'GET' }),
    `422 invalid_request: directory: is required, unless ${other} is given`,
  ]),
];

describe('a sibling reads what to do', () => {
  it.each(MISTAKES)('when %s', async (_mistake, ask, said) => {
    expect(await send(await ask())).toBe(said);
  });

  it.each([
    [
      'response_type is token',
      { response_type: 'token' },
      'unsupported_response_type: response_type must be code.',
    ],
    [
      'no tenant is named',
      { organization: undefined },
      'invalid_connection_selector: Exactly one of organization, connection and provider is needed.',
    ],
    [
      'a WorkOS organization is named',
      { organization: 'org_123' },
      'organization_invalid: There is no such tenant for this client, or it is not active.',
    ],
  ])('when a sign-in begins and %s', async (_mistake, query, said) => {
    const { location } = await createBrowser(gatehouse).get(authorizePath(client, query));

    const answer = location?.searchParams;
    expect(`${answer?.get('error')}: ${answer?.get('error_description')}`).toBe(said);
  });
});
