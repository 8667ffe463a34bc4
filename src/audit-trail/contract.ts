import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, PageParameters } from '../http/pagination.ts';
import { Time } from '../core/time.ts';
import { USER_ID } from '../core/user-id.ts';
import { ClientId, TenantId } from '../core/wire-ids.ts';

const AuditEntry = z
  .object({
    object: z.literal('audit_entry').meta({ description: 'Always `audit_entry`.' }),
    id: z.string().meta({ description: 'Grows with time.' }),
    at: z.iso.datetime().meta({ description: 'When it was recorded.' }),
    operation: z
      .string()
      .meta({ description: 'The operation, by its operationId, or the command.' }),
    outcome: z.string().meta({
      description:
        '`attempted` before an effect at WorkOS, then `succeeded`, `failed` or `refused`.',
    }),
    client_id: z.string().nullable().meta({
      description: 'The client that called. Null: the platform team, or Gatehouse itself.',
    }),
    user_id: z.string().nullable().meta({ description: 'The acting user.' }),
    tenant_id: z.string().nullable().meta({ description: 'The tenant concerned.' }),
    request_id: z.string().meta({ description: 'The request, as answered in X-Request-ID.' }),
    details: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Facts about the act. Never a secret.' }),
  })
  .meta({ id: 'AuditEntry', description: 'One privileged act.' });

const EntryId = z.string().regex(/^\d{1,18}$/, 'must be an id that a list gave');

export const auditTrailContract = {
  listAuditTrail: {
    method: 'get',
    path: '/v1/audit-trail',
    summary: 'Read who did what',
    description:
      'Acts upon the tenants of the client. Acts without a tenant are shown to clients with `*`.',
    access: { scope: 'audit_trail:read' },
    query: z.strictObject({
      ...PageParameters,
      after: EntryId.optional().meta({ description: 'Begin after the entry with this id.' }),
      before: EntryId.optional().meta({ description: 'End before the entry with this id.' }),
      tenant_id: TenantId.optional().meta({ description: 'Only acts upon this tenant.' }),
      user_id: z
        .string()
        .regex(USER_ID, 'must be a user id')
        .optional()
        .meta({ description: 'Only acts of this user.' }),
      client_id: ClientId.optional().meta({
        description:
          'Only acts of this client. Your own id: only since you were registered under it.',
      }),
      since: Time.optional().meta({ description: 'Only acts at or after this time (RFC 3339).' }),
      until: Time.optional().meta({ description: 'Only acts before this time (RFC 3339).' }),
    }),
    reply: { status: 200, body: listOf('AuditTrail', AuditEntry) },
    problems: [],
  },
} as const satisfies Contract;
