import { z } from 'zod';
import type { Contract } from '../http/endpoint.ts';
import { listOf, NumberCursor, PageParameters } from '../http/pagination.ts';
import { Time } from '../core/time.ts';
import { USER_ID } from '../core/user-id.ts';
import { ClientId, TenantId } from '../core/wire-ids.ts';

const AuditEntry = z
  .object({
    object: z.literal('audit_entry').meta({ description: 'Always `audit_entry`.' }),
    id: z.string().meta({ description: 'The id of the entry.' }),
    at: z.iso.datetime().meta({ description: 'When the entry was recorded.' }),
    operation: z.string().meta({
      description: 'The operationId of the operation, or the command of the command line.',
    }),
    outcome: z.string().meta({
      description:
        '`attempted` before a change at WorkOS; then `succeeded`, `failed` or `refused`.',
    }),
    client_id: z.string().nullable().meta({
      description: 'The calling client. Null for the platform team and for Gatehouse itself.',
    }),
    user_id: z.string().nullable().meta({ description: 'The acting user, or null.' }),
    tenant_id: z.string().nullable().meta({ description: 'The tenant concerned, or null.' }),
    request_id: z
      .string()
      .meta({ description: 'The id of the request, as in its X-Request-ID header.' }),
    details: z
      .record(z.string(), z.unknown())
      .meta({ description: 'Further facts about the action. Contains no secrets.' }),
  })
  .meta({ id: 'AuditEntry', description: 'One privileged action.' });

export const auditTrailContract = {
  listAuditTrail: {
    method: 'get',
    path: '/v1/audit-trail',
    summary: 'List the audit trail',
    description:
      'Lists actions on the client’s tenants, by time. Actions without a tenant are listed for clients with `*`. If very few of many entries match, a page ends early: it has fewer entries than `limit`, maybe none, and a cursor. Go on until the cursor is null. A cursor to an entry that is no longer kept is refused: start with `since`.',
    access: { scope: 'audit_trail:read' },
    query: z.strictObject({
      ...PageParameters,
      after: NumberCursor.optional().meta({ description: 'Start after the entry with this id.' }),
      before: NumberCursor.optional().meta({ description: 'End before the entry with this id.' }),
      tenant_id: TenantId.optional().meta({ description: 'Only actions on this tenant.' }),
      user_id: z
        .string()
        .regex(USER_ID, 'must be a user id')
        .optional()
        .meta({ description: 'Only actions of this user.' }),
      client_id: ClientId.optional().meta({
        description:
          'Only actions of this client. With your own id, only actions since your registration under it.',
      }),
      since: Time.optional().meta({
        description: 'Only actions at or after this time (RFC 3339).',
      }),
      until: Time.optional().meta({ description: 'Only actions before this time (RFC 3339).' }),
    }),
    reply: { status: 200, body: listOf('AuditTrail', AuditEntry) },
    problems: [],
  },
} as const satisfies Contract;
