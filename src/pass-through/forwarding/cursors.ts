/** Checks the cursors of a tenant's lists. With another tenant's object as cursor, the page would reveal when it was created. */
import { LRUCache } from 'lru-cache';
import { mayUseEveryTenant, type Tenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import { lruBound } from '../../core/lru-bound.ts';
import { invalidField } from '../../core/problem.ts';
import { hasKey } from './authorize-key.ts';
import type { CursorKind } from './forwarded-endpoint.ts';
import type { AuthorizationDeps, Cursors } from './permit.ts';
import type { Request } from './request.ts';

type CursorDeps = Omit<AuthorizationDeps, 'cursors'>;

/** Longer than it takes to read a list, even by hand. */
const REMEMBERED_MS = 10 * 60_000;

export function createCursors(deps: CursorDeps): Cursors {
  const known = new LRUCache<string, true>({ ...lruBound(50_000), ttl: REMEMBERED_MS });
  const keyOf = ({ id }: Tenant, cursor: string) => `${id} ${cursor}`;

  return {
    async require(request, { tenant }) {
      const { endpoint, actor, client } = request;
      const { cursor: kind } = endpoint.forward;
      if (!tenant || kind === undefined || mayUseEveryTenant(client)) return;
      for (const field of ['after', 'before'] as const) {
        const cursor = textAt(request.query, field);
        if (cursor === undefined || known.has(keyOf(tenant, cursor))) continue;
        // The object may be gone: a client that deletes what it lists continues after an object that it has just deleted.
        const isTenants = await isOfTenant(deps, request, { kind, tenant, cursor });
        if (!isTenants && !(await deps.hasDeleted(client, tenant, cursor)))
          throw invalidField(field, 'invalid_value', 'is not an id that a list gave');
        // The client may have lost its right while WorkOS was asked.
        await deps.guard.confirm(endpoint.access, tenant.id, { ...actor, client });
        // An object that a client has deleted is a cursor for this client only.
        if (isTenants) known.set(keyOf(tenant, cursor), true);
      }
    },

    remember({ tenant }, page) {
      if (!tenant || !isObject(page)) return;
      for (const field of ['after', 'before']) {
        const cursor = textAt(page.list_metadata, field);
        if (cursor !== undefined) known.set(keyOf(tenant, cursor), true);
      }
    },
  };
}

function textAt(fields: unknown, name: string): string | undefined {
  const value = isObject(fields) ? fields[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

interface Named {
  readonly kind: CursorKind;
  readonly tenant: Tenant;
  readonly cursor: string;
}

async function isOfTenant(
  { find, memberships, owned, sender }: CursorDeps,
  { client, endpoint, params }: Request,
  { kind, tenant, cursor }: Named,
): Promise<boolean> {
  const { organizationId } = tenant;
  const id = encodeURIComponent(cursor);
  if (organizationId === null) return false;
  if (kind === 'member') return memberships.isListed(organizationId, cursor);
  if (kind === 'api_key' || kind === 'user_api_key') {
    // Another tenant's key is looked for as well: otherwise the response time would reveal that it exists.
    if ((await owned.tenantOf('api_key', cursor)) === tenant.id) return true;
    const userId = kind === 'user_api_key' ? textAt(params, 'id') : undefined;
    return hasKey({ sender }, tenant, cursor, userId);
  }
  const lookup = kind === 'group' ? `/organizations/${organizationId}/groups/` : kind;
  const found = await find(client, endpoint.forward.class, lookup + id);
  return found?.id === tenant.id;
}
