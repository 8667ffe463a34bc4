/** The filters of the audit trail, as its page and its export read them from the address. */
import type { AuditFilter } from '../../audit-trail/selection-store.ts';
import type { AuditTrailRow } from '../../audit-trail/store.ts';
import type { ResultPage } from '../../db/page.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { timeOf } from '../../core/time.ts';
import type { Query, Visit } from '../page.ts';

export interface AuditDeps {
  readonly list: (filter: AuditFilter) => Promise<ResultPage<AuditTrailRow>>;
}

export const FILTERS = ['tenant', 'client', 'user', 'operation', 'since', 'until'] as const;

export function tenantOf({ query }: Visit): string | undefined {
  const tenant = TenantId.safeParse(query.tenant);
  return tenant.success ? tenant.data : undefined;
}

export interface Filters {
  readonly filter: Omit<AuditFilter, 'limit' | 'order'>;
  /** The first filter that cannot be read. */
  readonly wrong: 'since' | 'until' | undefined;
}

export function filterOf({ tenant, client, user, operation, older, ...query }: Query): Filters {
  const [since, until] = [timeIn(query.since), timeIn(query.until)];
  const wrong = since === null ? 'since' : until === null ? 'until' : undefined;
  return {
    wrong,
    filter: {
      tenant_id: tenant,
      client_id: client,
      user_id: user,
      operation,
      since: since ?? undefined,
      until: until ?? undefined,
      after: older !== undefined && /^\d{1,18}$/.test(older) ? older : undefined,
    },
  };
}

/** A day, or a day and a time, in UTC. Null if it is neither. */
function timeIn(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  const [, day, time = '00:00', seconds = ':00'] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?Z?$/.exec(text) ?? [];
  const at = timeOf(day === undefined ? text : `${day}T${time}${seconds}Z`);
  return at?.toISOString() ?? null;
}
