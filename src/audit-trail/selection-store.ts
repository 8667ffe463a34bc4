import { mayUseTenant, type Client } from '../core/identity.ts';
import type { PageQuery } from '../db/page.ts';
import { covers, type Coverage } from '../db/tenant-rules.ts';

export interface AuditFilter extends PageQuery {
  readonly tenant_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly client_id?: string | undefined;
  readonly operation?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The rows of a list, as SQL. */
export interface Selection {
  /**
   * Conditions that an index on these columns and the time answers. With `own` it is read once for each of
   * a few tenants, `own.id`.
   */
  readonly driving: readonly string[];
  readonly own?: string;
  /** The other conditions. If there are any, the rows that are looked at are limited. */
  readonly rest: readonly string[];
  /** A column of those conditions that no index has. */
  readonly reads?: 'operation';
  readonly values: readonly unknown[];
}

/** Returns undefined if the client may not see any of the rows. */
export function selectionOf(
  client: Client,
  { tenant_id, user_id, client_id, operation, since, until }: AuditFilter,
  coverage: Coverage,
): Selection | undefined {
  if (tenant_id !== undefined && !mayUseTenant(client, tenant_id)) return undefined;
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const equal = Object.entries({ tenant_id, user_id, client_id })
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `${column} = ${parameter(value)}`);
  const times = [
    ...(since === undefined ? [] : [`at >= ${parameter(since)}::timestamptz`]),
    ...(until === undefined ? [] : [`at < ${parameter(until)}::timestamptz`]),
    ...(client_id === client.id ? [sinceRegistration(parameter(client_id))] : []),
  ];
  const [driver, ...rest] = equal;
  if (operation !== undefined) rest.push(`operation = ${parameter(operation)}`);
  const reads = operation === undefined ? {} : ({ reads: 'operation' } as const);
  const isVisible = tenant_id !== undefined || coverage === 'all';
  if (driver === undefined && !isVisible && coverage !== 'many')
    return {
      driving: ['tenant_id = own.id', ...times],
      own: parameter(coverage),
      rest,
      ...reads,
      values,
    };
  if (!isVisible) rest.push(visible(client, coverage, parameter));
  return { driving: driver === undefined ? times : [driver, ...times], rest, ...reads, values };
}

/** Hides the acts of a deleted client with the same id from a client that asks for its own acts. */
const sinceRegistration = (client: string): string =>
  `at >= (select c.created_at from clients c where c.id = ${client})`;

const visible = (
  { tenants }: Client,
  coverage: Coverage,
  parameter: (value: unknown) => string,
): string =>
  coverage === 'many'
    ? covers(`${parameter(tenants)}::text[]`, 'tenant_id')
    : `tenant_id = any(${parameter(coverage)}::text[])`;
