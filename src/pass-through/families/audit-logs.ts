import { z } from 'zod';
import { listOf } from '../../http/pagination.ts';
import { CALLER_PROBLEMS, OBJECT_PROBLEMS, UPSTREAM_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import { id, object, objectParams, page, stamps, text, time } from '../forwarding/wire.ts';
import { AuditLogEvent } from './audit-log-event.ts';
import { AuditLogSchema, CreateAuditLogSchema } from './audit-log-schema.ts';

const AuditLogAction = object('AuditLogAction', 'audit_log_action', {
  name: text('The action’s name.'),
  schema: AuditLogSchema.nullish().meta({ description: 'The newest schema of the action.' }),
  ...stamps,
});

/** @see https://workos.com/docs/reference/audit-logs/export */
const AuditLogExport = object('AuditLogExport', 'audit_log_export', {
  id: id('export'),
  state: text('`pending`, `ready`, `error` or `expired`.'),
  url: text(
    'The URL of the file once the export is ready, valid for ten minutes. Each request returns a new one.',
  ),
  ...stamps,
});

const names = (description: string) => z.array(z.string()).optional().meta({ description });
const ACTION = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}$/;
const NO_ACTION = 'must be the name of an action';
const actionParams = z.object({
  action: z
    .string()
    .regex(ACTION, NO_ACTION)
    .meta({ description: 'The action’s name.', examples: ['user.signed_in'] }),
});
/** The name of an action that may be new, so that a malformed one is not said to be missing. */
const newActionParams = z.object({
  action: z
    .string()
    .refine((name) => ACTION.test(name), { error: NO_ACTION, params: { code: 'invalid_name' } })
    .meta({
      description: 'The action’s name.',
      examples: ['user.signed_in'],
      pattern: ACTION.source,
    }),
});

const everybody = {
  class: 'audit_logs',
  rule: 'environment',
  noun: 'audit log action',
} as const;
const exported = { class: 'audit_logs', noun: 'audit log export', audited: true } as const;

export const auditLogsContract = {
  createAuditLogEvent: {
    method: 'post',
    path: '/audit_logs/events',
    summary: 'Write an event to a tenant’s audit log',
    description: 'An `Idempotency-Key` is passed on: WorkOS keeps it for 24 hours.',
    access: { scope: 'audit_logs:write', tenant: 'body.organization_id' },
    body: z
      .strictObject({
        organization_id: TenantId.meta({ description: 'Your tenant id.' }),
        event: AuditLogEvent,
      })
      .meta({ id: 'CreateAuditLogEvent', description: 'An event of a tenant.' }),
    reply: {
      status: 200,
      body: z
        .object({ success: z.boolean().meta({ description: 'Always true.' }) })
        .meta({ id: 'AuditLogEventWritten', description: 'The event was written.' }),
    },
    problems: [...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: {
      class: 'audit_logs',
      rule: 'named',
      noun: 'tenant',
      errorsWithin: 'event',
      unmarked: true,
    },
    example: {
      organization_id: 'acme',
      event: {
        action: 'user.signed_in',
        occurred_at: '2026-11-22T12:00:00.000Z',
        actor: { id: 'ada', type: 'user' },
        targets: [{ id: 'team_1', type: 'team' }],
        context: { location: '192.0.2.1' },
      },
    },
  },
  listAuditLogActions: {
    method: 'get',
    path: '/audit_logs/actions',
    summary: 'List the actions of audit logs',
    access: { scope: 'audit_logs:write' },
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('AuditLogActionList', AuditLogAction) },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: everybody,
  },
  listAuditLogSchemas: {
    method: 'get',
    path: '/audit_logs/actions/{action}/schemas',
    summary: 'List the schemas of an action',
    access: { scope: 'audit_logs:write' },
    params: actionParams,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('AuditLogSchemaList', AuditLogSchema) },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: everybody,
  },
  createAuditLogSchema: {
    method: 'post',
    path: '/audit_logs/actions/{action}/schemas',
    summary: 'Create a new schema version of an action',
    access: { scope: 'audit_logs:write', everyTenant: true, orScope: 'audit_logs:schemas' },
    params: newActionParams,
    body: CreateAuditLogSchema,
    reply: { status: 201, body: AuditLogSchema },
    problems: OBJECT_PROBLEMS,
    forward: { ...everybody, audited: true },
    example: { targets: [{ type: 'team' }] },
  },
  createAuditLogExport: {
    method: 'post',
    path: '/audit_logs/exports',
    summary: 'Export a tenant’s audit log',
    access: { scope: 'audit_logs:export', tenant: 'body.organization_id', actingUser: 'it-admin' },
    body: z
      .strictObject({
        organization_id: TenantId.meta({ description: 'Your tenant id.' }),
        range_start: time('The start of the range, within the last three months: ISO 8601.'),
        range_end: time('Until then: ISO 8601.'),
        actions: names('Only these actions.'),
        actors: names('Only these actors.').meta({ deprecated: true }),
        actor_names: names('Only actors of these names.'),
        actor_ids: names('Only actors with these ids.'),
        targets: names('Only targets of these kinds.'),
      })
      .meta({ id: 'CreateAuditLogExport', description: 'The events to export.' }),
    reply: { status: 201, body: AuditLogExport, secret: true },
    problems: [...CALLER_PROBLEMS, ...UPSTREAM_PROBLEMS],
    forward: { ...exported, rule: 'named', creates: 'audit_log_export', unmarked: true },
  },
  getAuditLogExport: {
    method: 'get',
    path: '/audit_logs/exports/{id}',
    summary: 'Get an export and the URL of its file',
    access: { scope: 'audit_logs:export', tenantOf: 'object', actingUser: 'it-admin' },
    params: objectParams,
    reply: { status: 200, body: AuditLogExport, secret: true },
    problems: ['not-found', ...UPSTREAM_PROBLEMS],
    forward: { ...exported, rule: 'owned', owned: 'audit_log_export' },
  },
} as const satisfies ForwardedContract;
