/** Looks up clients and tenants, with the gateway's caching times. */
import { hash, timingSafeEqual } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import type { Query } from './database.ts';
import { Refusal } from './refusal.ts';

const TTL_MS = 750;
const KEY = `select k.sha256, k.revoked_at, k.expires_at, c.id, c.scopes, c.tenants, c.return_origins,
    c.redirect_uris, c.disabled
  from client_keys k join clients c on c.id = k.client_id where k.id = $1`;
const CLIENT =
  'select id, scopes, tenants, return_origins, redirect_uris, disabled from clients where id = $1';
const TENANT = 'select id, organization_id, status from tenants where id = $1';
const BY_ORGANIZATION =
  'select id, organization_id, status from tenants where organization_id = $1';

export interface ClientRow {
  readonly id: string;
  readonly scopes: readonly string[];
  readonly tenants: readonly string[];
  readonly return_origins: readonly string[];
  readonly redirect_uris: readonly string[];
  readonly disabled: boolean;
}
interface KeyRow extends ClientRow {
  readonly sha256: Buffer;
  readonly revoked_at: Date | null;
  readonly expires_at: Date | null;
}
export interface TenantRow {
  readonly id: string;
  readonly organization_id: string | null;
  readonly status: string;
}

export type Lookups = ReturnType<typeof createLookups>;

export function createLookups(query: Query, issuer: string) {
  const keySet = createRemoteJWKSet(new URL(`${issuer}/jwks.json`));
  const keys = remembered(async (id) => (await query<KeyRow>('key', KEY, [id]))[0]);
  const tenants = remembered(async (id) => (await query<TenantRow>('tenant', TENANT, [id]))[0]);
  const users = new Map<string, JWTPayload>();

  return {
    /** The client of a key. @throws Refusal 401, 403 */
    async clientByKey(credential: string, scope: string): Promise<ClientRow> {
      const id = /^gh_([a-z0-9]{12})_[\w-]{43}$/.exec(credential)?.[1] ?? '';
      const key = await keys(id);
      if (!key || !timingSafeEqual(hash('sha256', credential, 'buffer'), key.sha256))
        throw new Refusal(401);
      if (key.revoked_at || key.disabled || (key.expires_at && +key.expires_at < Date.now()))
        throw new Refusal(401);
      if (!key.scopes.includes(scope)) throw new Refusal(403);
      return key;
    },

    /** Not cached, as in the gateway when there is no key. */
    clientById: async (id: string): Promise<ClientRow | undefined> =>
      (await query<ClientRow>('client', CLIENT, [id]))[0],

    async userOf(token: string): Promise<JWTPayload> {
      const digest = hash('sha256', token);
      const known = users.get(digest);
      if (known && (known.exp ?? 0) > Date.now() / 1_000) return known;
      const { payload } = await jwtVerify(token, keySet, { issuer, audience: 'gatehouse' });
      users.set(digest, payload);
      return payload;
    },

    tenant: tenants,
    tenantOf: async (organizationId: string): Promise<TenantRow | undefined> =>
      (await query<TenantRow>('by-organization', BY_ORGANIZATION, [organizationId]))[0],
  };
}

function remembered<V>(load: (key: string) => Promise<V>): (key: string) => Promise<V> {
  const known = new Map<string, { readonly value: Promise<V>; readonly until: number }>();
  return (key) => {
    const found = known.get(key);
    if (found && found.until > Date.now()) return found.value;
    const value = load(key);
    known.set(key, { value, until: Date.now() + TTL_MS });
    return value;
  };
}

/** @throws Refusal 404 */
export function requireTenant(
  tenant: TenantRow | undefined,
  client: ClientRow,
): asserts tenant is TenantRow {
  if (tenant?.status !== 'active' || !client.tenants.includes('*')) throw new Refusal(404);
}

/** @throws Refusal 403 */
export function requireItAdmin(
  roles: readonly string[],
  registry: string | null | undefined,
): void {
  if (registry === 'denied' || (registry !== 'granted' && !roles.includes('it_admin')))
    throw new Refusal(403);
}
