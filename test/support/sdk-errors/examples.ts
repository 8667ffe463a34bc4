/** Requests that the gateway refuses, one for each kind of problem. */
import type { ProblemSlug } from '../../../src/core/problem.ts';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { exchange as exchangeRaw } from '../raw.ts';
import type { TestApp, TestClient } from '../test-app.ts';
import type { ErrorAnswer } from './shown.ts';

/** Who asks. Tenants: acme, suspended `hooli`, deleted `gone`. */
export interface Callers {
  readonly gatehouse: TestApp;
  /** May do everything. */
  readonly client: TestClient;
  /** May read acme only. */
  readonly limited: TestClient;
  /** Used for one example only, because it uses up its limit. */
  readonly busy: TestClient;
  /** Token of an IT admin of hooli. */
  readonly itAdmin: string;
  /** Token of a member of acme who is no IT admin. */
  readonly member: string;
}

export interface Example {
  /** What the caller has done. */
  readonly what: string;
  readonly answer: (callers: Callers) => Promise<ErrorAnswer>;
}

interface Ask {
  readonly method?: string;
  /** JSON, or text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly by?: (callers: Callers) => string;
  /** How WorkOS answers it: operation and fault. */
  readonly fault?: readonly [string, Fault];
}

async function send(
  callers: Callers,
  path: string,
  { method, body, headers, by = ({ client }) => client.key, fault }: Ask,
): Promise<ErrorAnswer> {
  if (fault) callers.gatehouse.workos.fault(...fault);
  const res = await fetch(`${callers.gatehouse.url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${by(callers)}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  callers.gatehouse.workos.clearFaults();
  return {
    status: res.status,
    headers: Object.fromEntries(res.headers),
    body: await res.text(),
  };
}

const example = (what: string, path: string, ask: Ask = {}): Example => ({
  what,
  answer: (callers) => send(callers, path, ask),
});
const limited: Ask['by'] = (callers) => callers.limited.key;
const asUser = (callers: Callers, user: string, organization = 'acme') =>
  send(callers, '/portal/generate_link', {
    body: { organization, intent: 'sso' },
    headers: { 'gatehouse-user-token': user },
  });
const LINK = { organization: 'acme', intent: 'sso' };
const USERS = 'POST /user_management/users';
const failing = (what: string, fault: Fault): Example =>
  example(what, '/organizations/acme', { fault: ['GET /organizations/*', fault] });
const token = (what: string, fields: object): Example => ({
  what,
  answer: (callers) =>
    send(callers, '/sso/token', {
      body: {
        ...{ client_id: callers.client.id, client_secret: callers.client.key },
        ...{ grant_type: 'authorization_code', code: 'code', ...fields },
      },
    }),
});

/** Asks until it is refused. */
const tooMany: Example = {
  what: 'more requests than the limit of a minute',
  answer: async (callers) => {
    const ask = () => send(callers, '/organizations?limit=100', { by: ({ busy }) => busy.key });
    let answer = await ask();
    for (let n = 0; n < 40 && answer.status === 200; n += 1) answer = await ask();
    return answer;
  },
};

const twoHeaders: Example = {
  what: 'two `Authorization` headers',
  answer: async ({ gatehouse, client }) => {
    const header = `Authorization: Bearer ${client.key}\r\n`;
    const { statuses, headers, body } = await exchangeRaw(
      gatehouse.url,
      `GET /organizations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}${header}\r\n`,
    );
    return { status: statuses[0] ?? 0, headers, body };
  },
};

/** Several where they are shown differently. What takes a broken machine has none. */
export const examples: Partial<Record<ProblemSlug, readonly Example[]>> = {
  'malformed-request': [
    example('JSON that ends too early', '/organizations', { body: '{"name":' }),
  ],
  'duplicate-header': [twoHeaders],
  'conflicting-user-headers': [
    example('a user named twice', '/portal/generate_link', {
      body: LINK,
      headers: { 'gatehouse-user-token': 'x', 'gatehouse-user-id': 'ada' },
    }),
  ],
  unauthenticated: [example('a wrong key', '/organizations', { by: () => 'gh_wrong' })],
  'invalid-user-token': [
    { what: 'a token that is none', answer: (callers) => asUser(callers, 'a.b.c') },
  ],
  'insufficient-scope': [
    example('a write with a reading client', '/organizations', {
      by: limited,
      body: { name: 'Acme', external_id: 'acme' },
    }),
  ],
  'acting-user-required': [
    example('a portal link without a user', '/portal/generate_link', { body: LINK }),
  ],
  'it-admin-required': [
    { what: 'a portal link for a member', answer: (callers) => asUser(callers, callers.member) },
  ],
  'every-tenant-required': [
    example('an audit-log schema by a limited client', '/audit_logs/actions/a/schemas', {
      by: limited,
      body: { targets: [{ type: 'team' }] },
    }),
  ],
  'not-found': [
    example('a path of no operation', '/organisations'),
    example('an unknown connection', '/connections/conn_1'),
  ],
  'entity-not-found': [
    example('an unknown endpoint', '/webhook_endpoints/we_1', { method: 'PATCH', body: {} }),
  ],
  'tenant-not-found': [example('an unknown tenant', '/organizations/nobody')],
  'method-not-allowed': [
    example('a method of no operation', '/portal/generate_link', { method: 'PUT', body: LINK }),
  ],
  'workos-conflict': [
    example('a conflict at WorkOS', '/user_management/users', {
      body: { email: 'ada@acme.test' },
      fault: [USERS, { kind: 'status', status: 409, body: { code: 'user_already_exists' } }],
    }),
  ],
  'tenant-not-active': [
    {
      what: 'a portal link of a suspended tenant',
      answer: (callers) => asUser(callers, callers.itAdmin, 'hooli'),
    },
  ],
  'tenant-deleted': [
    example('the id of a deleted tenant', '/organizations', {
      body: { name: 'Gone', external_id: 'gone' },
    }),
  ],
  'duplicate-endpoint': [
    example('the same URL twice', '/webhook_endpoints', {
      body: { endpoint_url: 'https://app.example.com/hooks', events: ['dsync.user.created'] },
    }),
  ],
  'payload-too-large': [
    example('a body of 70 KB', '/organizations', { body: { name: 'x'.repeat(70_000) } }),
  ],
  'unsupported-media-type': [
    example('a form', '/organizations', {
      body: 'name=Acme',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  ],
  'invalid-request': [
    example('no name', '/organizations', { body: { external_id: 'acme' } }),
    example('two mistakes', '/portal/generate_link', {
      body: { organization: 'acme', intent: 'saml', admin_emails: ['nobody'] },
    }),
    example('a limit of 1000', '/organizations?limit=1000'),
    example('a name of 300 characters', '/organizations', {
      body: { name: 'x'.repeat(300), external_id: 'acme' },
    }),
    example('a number in the place of a string', '/user_management/users', { body: { email: 7 } }),
    example('a parameter that names a tenant and is none', '/organizations?tenant=acme'),
  ],
  'organization-id-required': [
    example('connections of all by a limited client', '/connections', { by: limited }),
  ],
  'workos-unprocessable': [
    example('a short password', '/user_management/users', {
      body: { email: 'ada@acme.test', password: 'x' },
      fault: [
        USERS,
        {
          kind: 'status',
          status: 422,
          body: { code: 'password_strength_error', errors: [{ code: 'password_too_weak' }] },
        },
      ],
    }),
  ],
  'invalid-url': [
    example('an address inside', '/webhook_endpoints', {
      body: { endpoint_url: 'https://10.0.0.1/', events: ['dsync.user.created'] },
    }),
  ],
  'workos-refused': [
    example('an address that is taken', '/user_management/users', {
      body: { email: 'taken@acme.test' },
      fault: [
        USERS,
        {
          kind: 'status',
          status: 400,
          body: { code: 'user_creation_error', errors: [{ code: 'email_not_available' }] },
        },
      ],
    }),
  ],
  'external-id-already-used': [
    example('an id that is taken', '/organizations', {
      body: { name: 'Acme', external_id: 'acme' },
    }),
  ],
  'invalid-client': [token('a wrong secret', { client_secret: 'gh_wrong' })],
  'invalid-grant': [token('an unknown code', {})],
  'unsupported-grant-type': [token('a refresh token', { grant_type: 'refresh_token' })],
  'invalid-access-token': [example('a wrong access token', '/sso/profile', { by: () => 'x' })],
  'too-many-requests': [tooMany],
  'headers-too-large': [
    example('20 KB of headers', '/organizations', { headers: { cookie: 'x'.repeat(20_000) } }),
  ],
  'not-implemented': [example('a secret of Vault', '/vault/v1/kv')],
  'upstream-rejected': [failing('WorkOS answers 402', { kind: 'status', status: 402 })],
  'upstream-forbidden': [failing('WorkOS answers 403', { kind: 'status', status: 403 })],
  'upstream-invalid-response': [
    failing('WorkOS answers HTML', { kind: 'content-type', type: 'text/html', body: '<p>' }),
  ],
  'upstream-error': [failing('WorkOS answers 500', { kind: 'status', status: 500 })],
};
