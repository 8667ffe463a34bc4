import type { Call } from './call.ts';

const schema = {
  action: 'invoice.paid',
  actor: { metadata: { role: 'string' } },
  targets: [{ type: 'invoice', metadata: { cost: 'number' } }, { type: 'customer' }],
  metadata: { reason: 'string' },
};
const paid = {
  action: 'invoice.paid',
  occurredAt: new Date(),
  actor: { id: 'ada', type: 'user', name: 'Ada', metadata: { role: 'owner' } },
  targets: [{ id: 'invoice_1', type: 'invoice', metadata: { cost: 7 } }],
  context: { location: '192.0.2.1', userAgent: 'Browser' },
  metadata: { reason: 'due' },
};
const lastHour = { rangeStart: new Date(Date.now() - 3_600_000), rangeEnd: new Date() };

export const auditLogCalls: readonly Call[] = [
  { method: 'auditLogs.createSchema', args: () => [schema] },
  {
    method: 'auditLogs.createSchema',
    when: 'a target has no type',
    args: () => [{ ...schema, targets: [{}] }],
  },
  { method: 'auditLogs.listSchemas', args: () => ['invoice.paid'] },
  { method: 'auditLogs.listSchemas', when: 'there is no such action', args: () => ['none'] },
  { method: 'auditLogs.createEvent', args: ({ acme }) => [acme, paid] },
  {
    method: 'auditLogs.createEvent',
    when: 'there is no such action',
    args: ({ acme }) => [acme, { ...paid, action: 'none' }],
  },
  {
    method: 'auditLogs.createEvent',
    when: 'it is not what the schema says',
    args: ({ acme }) => [acme, { ...paid, metadata: { reason: 7 } }],
  },
  {
    method: 'auditLogs.createEvent',
    when: 'there is no such organization',
    args: () => ['nobody', paid],
  },
  {
    method: 'auditLogs.createExport',
    args: ({ acme }) => [
      {
        ...lastHour,
        organizationId: acme,
        actions: ['invoice.paid'],
        actorNames: ['Ada'],
        actorIds: ['ada'],
        targets: ['invoice'],
      },
    ],
    keep: 'export',
  },
  {
    method: 'auditLogs.createExport',
    when: 'there is no such organization',
    args: () => [{ ...lastHour, organizationId: 'nobody' }],
    differs: {
      why: '404 for an unknown tenant, as everywhere; WorkOS answers 400',
      gateway: { error: { name: 'NotFoundException', status: 404, code: 'tenant_not_found' } },
    },
  },
  { method: 'auditLogs.getExport', args: ({ ids }) => [ids.export] },
  { method: 'auditLogs.getExport', when: 'there is none', args: () => ['audit_log_export_none'] },
  {
    method: 'auditLogs.getOrganizationAuditLogsRetention',
    args: ({ acme }) => [{ id: acme }],
  },
  {
    method: 'auditLogs.updateOrganizationAuditLogsRetention',
    args: ({ acme }) => [{ id: acme, retentionPeriod: '1_YEAR', retentionPeriodInDays: 365 }],
  },
];
