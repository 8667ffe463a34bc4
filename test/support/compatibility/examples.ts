/** Requests made of WorkOS's own examples, and what is to come of them. */
import type { Endpoint } from '../../../src/http/endpoint.ts';
import type {
  ForwardedEndpoint,
  OwnedKind,
} from '../../../src/pass-through/forwarding/forwarded-endpoint.ts';
import { exampleOf } from './schema-fields.ts';
import { bodyOf, queryOf, specified, type Document } from './specification.ts';
import type { Unspecified } from './stub.ts';

export const ORGANIZATION = 'org_01EHWNCE74X7JSDV0X3SZ3KJNY';
export const TENANT = 'acme';

/** What the specification lacks. @see https://workos.com/docs/reference/magic-link */
export const guides: Unspecified = {
  'post /passwordless/sessions': {
    object: 'passwordless_session',
    id: 'passwordless_session_01EHDAK2BFGWCSZXP9HGZ3VK8C',
    email: 'marcelina@example.com',
    expires_at: '2020-08-13T05:50:00.000Z',
    link: 'https://auth.workos.com/passwordless/4TeRexuejWCKs9rrFOIuLRYEr/confirm',
  },
  'post /api_keys/{id}/expire': {
    object: 'api_key',
    id: 'api_key_01EHZNVPK3SFK441A1RGBFSHRT',
    owner: { type: 'organization', id: ORGANIZATION },
    name: 'Production API Key',
    obfuscated_value: 'sk_…3456',
    last_used_at: null,
    expires_at: '2026-01-15T12:00:00.000Z',
    permissions: [],
    created_at: '2026-01-15T12:00:00.000Z',
    updated_at: '2026-01-15T12:00:00.000Z',
  },
  'post /passwordless/sessions/{id}/send': { success: true, message: 'Sent.' },
};

/** What else WorkOS wants of a body that its examples alone do not make. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  createPasswordlessSession: {
    type: 'MagicLink',
    email: 'marcelina@example.com',
    redirect_uri: 'https://app.example.com/callback',
  },
};

/** Fields of WorkOS's that the gateway does not take, or not along with others of the example. */
const NOT_SENT: Readonly<Record<string, readonly string[]>> = {
  enrollFactor: ['user_id'],
  updateOrganization: ['external_id', 'domains'],
};

/** Both at once say nothing, and those of organizations are tenants. */
const CURSORS = ['before', 'after'];

export interface Example {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Undefined: none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Kinds of what a client has made → its id. */
export type Owned = Partial<Record<OwnedKind, string>>;

/** The request of a caller, with the tenant's id where WorkOS's example has an organization's. */
export function exampleRequest(
  specification: Document,
  [operationId, endpoint]: readonly [string, Endpoint | ForwardedEndpoint],
  owned: Owned,
): Example {
  const operation = specified(specification, endpoint.method, endpoint.path);
  const { schemas } = specification.components;
  const body = operation && bodyOf(operation);
  const made = body ? (exampleOf(schemas, body) as Record<string, unknown>) : {};
  const notSent = NOT_SENT[operationId] ?? [];
  const sent = Object.entries({ ...made, ...BODIES[operationId] }).filter(
    ([name]) => !notSent.includes(name),
  );
  return {
    path: endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(idFor(endpoint, name, owned)),
    ),
    query: Object.fromEntries(
      (operation ? queryOf(operation) : [])
        .filter(({ name }) => !CURSORS.includes(name) && name in (endpoint.query?.shape ?? {}))
        .map(({ name, schema }) => [name, asTenants(String(exampleOf(schemas, schema)))]),
    ),
    body:
      endpoint.body &&
      (JSON.parse(asTenants(JSON.stringify(Object.fromEntries(sent)))) as Example['body']),
  };
}

/** Of an organization: its id, and its external id, which through the gateway is the tenant's too. */
const IDS = /\borg_0[0-9A-Z]{20,}\b|\b2fe01467-f7ea-4dd2-8b79-c2b4f56d0191\b/g;
export const asTenants = (text: string): string => text.replaceAll(IDS, TENANT);

function idFor(endpoint: Endpoint | ForwardedEndpoint, name: string, owned: Owned): string {
  const { access } = endpoint;
  if (typeof access !== 'string' && access.tenant === `params.${name}`) return TENANT;
  if ('forward' in endpoint && endpoint.forward.rule === 'key') return owned.api_key ?? 'example_1';
  // The user of the example of a membership.
  if (endpoint.path.endsWith('/api_keys') && name === 'id')
    return 'user_01E4ZCR3C56J083X43JQXF3JK5';
  const kind =
    'forward' in endpoint && 'owned' in endpoint.forward ? endpoint.forward.owned : undefined;
  return (kind && owned[kind]) ?? 'example_1';
}
