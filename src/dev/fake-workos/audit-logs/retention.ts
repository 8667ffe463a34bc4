/** Retention of an organization's audit logs. */
import { z } from 'zod';
import { idOf, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

const PATH = '/organizations/{id}/audit_logs_retention';

export const auditLogRetentionOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: get },
  { method: 'PUT', path: PATH, perform: put },
];

const InDays = z.object({ retention_period_in_days: z.literal([30, 365]) });
/** Sent by the SDK since version 11: 1 to 11 months, 1 to 10 years. */
const AsPeriod = z.object({
  retention_period: z.string().regex(/^(1_MONTH|([2-9]|1[01])_MONTHS|1_YEAR|([2-9]|10)_YEARS)$/),
});

function get(request: ApiRequest, world: World): Reply {
  const { id } = organizationOf(world, idOf(request));
  return reply(world.state.auditLogRetentions.get(id)?.days ?? null);
}

function put(request: ApiRequest, world: World): Reply {
  const { id } = organizationOf(world, idOf(request));
  const days = daysOf(request.body);
  world.state.auditLogRetentions.set(id, { organization_id: id, days });
  return reply(days);
}

function daysOf(body: unknown): number {
  const period = AsPeriod.safeParse(body);
  if (!period.success) return parse(InDays, body).retention_period_in_days;
  const [count, unit = ''] = period.data.retention_period.split('_');
  return Number(count) * (unit.startsWith('MONTH') ? 30 : 365);
}

function reply(days: number | null): Reply {
  return { status: 200, body: { retention_period_in_days: days } };
}
