import { recordIn, type AuditRow } from '../../audit-trail/writer.ts';
import type { Queryable } from '../../core/ports.ts';
import { isLeased } from '../../db/is-leased.ts';
import { columnsOf } from '../../db/columns.ts';
import { tenants } from '../../db/schema/tenants.ts';
import { OWN_ORGANIZATION } from '../model/transitions.ts';

/** The columns of a `Tenant`. */
export const MAPPING = `${columnsOf(tenants, { only: ['id', 'status'] })},
  ${OWN_ORGANIZATION} as "organizationId"`;

const STORED = columnsOf(tenants, {
  only: [
    'name',
    'domains',
    'metadata',
    'signInClientId',
    'signInClientGeneration',
    'profileVersion',
    'profileUnsure',
    'profileUnsureFields',
    'formerStatus',
    'attempt',
    'request',
    'createdAt',
    'updatedAt',
  ],
});

/** The columns of a `TenantRow`. */
export const COLUMNS = `${MAPPING}, ${STORED}, ${isLeased('lease_until')} as leased`;

/** Writes the audit row, and clears the tenant cache of every replica. */
export async function recordAndNotify(tx: Queryable, audit: AuditRow): Promise<void> {
  await recordIn(tx, audit);
  await tx.query(`select pg_notify('gatehouse', 'tenants')`);
}

export const json = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
