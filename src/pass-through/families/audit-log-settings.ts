import { z } from 'zod';
import { CALLER_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, part, stamps, tenantId, text, whole } from '../forwarding/wire.ts';

const params = z.object({ id: TenantId });
const Retention = z
  .object({
    retention_period_in_days: whole('The period in days. Null for the environment’s default.'),
  })
  .meta({ id: 'AuditLogsRetention', description: 'The retention period of events.' });

/** @see https://workos.com/docs/reference/audit-logs/configuration */
const Configuration = z
  .object({
    organization_id: tenantId,
    retention_period_in_days: whole('The retention period of events in days.'),
    state: text('`active`, `inactive` or `disabled`.'),
    log_stream: part(
      {
        id: id('log stream'),
        type: text('The destination, e.g. `Datadog`.'),
        state: text('`active`, `inactive`, `error` or `invalid`.'),
        last_synced_at: text('When events were last sent: ISO 8601. Null before the first time.'),
        created_at: stamps.created_at,
      },
      'The log stream of the tenant, if an IT admin has set one up.',
    ),
  })
  .meta({
    id: 'AuditLogConfiguration',
    description: 'How a tenant’s audit log is kept and sent on.',
  });

const settings = { class: 'audit_logs', rule: 'named', noun: 'tenant' } as const;

export const auditLogSettingsContract = {
  getAuditLogConfiguration: {
    method: 'get',
    path: '/organizations/{id}/audit_log_configuration',
    summary: 'Get the configuration of a tenant’s audit log',
    access: { scope: 'tenants:read', tenant: 'params.id' },
    params,
    reply: { status: 200, body: Configuration },
    problems: UPSTREAM_PROBLEMS,
    forward: settings,
  },
  getAuditLogsRetention: {
    method: 'get',
    path: '/organizations/{id}/audit_logs_retention',
    summary: 'Get the retention period of a tenant’s audit log',
    access: { scope: 'tenants:read', tenant: 'params.id' },
    params,
    reply: { status: 200, body: Retention },
    problems: UPSTREAM_PROBLEMS,
    forward: { ...settings, unmarked: true },
  },
  setAuditLogsRetention: {
    method: 'put',
    path: '/organizations/{id}/audit_logs_retention',
    summary: 'Set the retention period of a tenant’s audit log',
    description: 'WorkOS deletes events that are older. Give one of the two fields.',
    access: { scope: 'audit_logs:retention', tenant: 'params.id' },
    params,
    body: z
      .strictObject({
        retention_period_in_days: z
          .int()
          .min(1)
          .optional()
          .meta({ description: 'The period in days: 30 or 365.' }),
        retention_period: z
          .string()
          .regex(/^\d{1,2}_(MONTH|YEAR)S?$/, 'must be a number of months or years, e.g. 6_MONTHS')
          .optional()
          .meta({ description: 'The period as newer SDKs send it: `1_MONTH` to `10_YEARS`.' }),
      })
      .refine((given) => (given.retention_period_in_days ?? given.retention_period) !== undefined, {
        path: ['retention_period_in_days'],
        params: { code: 'required' },
        message: 'is required, or retention_period',
      })
      .meta({ id: 'SetAuditLogsRetention', description: 'The retention period of events.' }),
    reply: { status: 200, body: Retention },
    problems: [...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: { ...settings, unmarked: true, audited: true },
    example: { retention_period_in_days: 365 },
  },
} as const satisfies ForwardedContract;
