/** `POST /audit_logs/events`: idempotent per key and event; the action must have a schema. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { schemaViolations } from './schema-violations.ts';
import type { AuditLogEvent } from '../state/audit-logs.ts';
import { expiryIn, deleteExpired, isLive } from '../state/expiry.ts';
import { ApiError, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

const KEY_LIFETIME_MS = 24 * 60 * 60_000;

export const auditLogEventOperations: readonly Operation[] = [
  { method: 'POST', path: '/audit_logs/events', perform: create },
];

const Party = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});
const CreateEvent = z.object({
  organization_id: z.string(),
  event: z.object({
    action: z.string(),
    occurred_at: z.iso.datetime({ offset: true }),
    actor: Party,
    targets: z.array(Party),
    context: z.object({ location: z.string(), user_agent: z.string().optional() }),
    metadata: z.record(z.string(), z.unknown()).optional(),
    version: z.int().optional(),
  }),
});
type CreateEvent = z.infer<typeof CreateEvent>;

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateEvent, request.body);
  const key = keyOf(request, input);
  const { auditLogKeys, auditLogEvents } = world.state;
  const earlier = auditLogKeys.get(key);
  if (!earlier || !isLive(earlier, world.now())) {
    organizationOf(world, input.organization_id);
    requireValid(world, input.event);
    const { organization_id, event } = input;
    const id = world.newId('audit_log_event');
    auditLogEvents.set(id, { id, organization_id, ...event });
    rememberKey(world, key);
  }
  return { status: 200, body: { success: true } };
}

/** Hashes idempotency key and event; without a key, the event alone decides. */
function keyOf({ headers }: ApiRequest, input: CreateEvent): string {
  const parts = JSON.stringify([headers['idempotency-key'] ?? '', input]);
  return createHash('sha256').update(parts).digest('hex');
}

function rememberKey({ state, now }: World, key: string): void {
  deleteExpired(state.auditLogKeys, now());
  // Delete first: a map keeps the position of an existing key, and deleteExpired relies on the order.
  state.auditLogKeys.delete(key);
  state.auditLogKeys.set(key, { expires_at: expiryIn(KEY_LIFETIME_MS, now()) });
}

/** @throws ApiError 400 `invalid_audit_log_event` */
function requireValid({ state }: World, event: AuditLogEvent): void {
  const versions = state.auditLogActions.get(event.action)?.schemas ?? [];
  const schema =
    event.version === undefined
      ? versions.at(-1)
      : versions.find(({ version }) => version === event.version);
  const violations = schema
    ? schemaViolations(event, schema)
    : [versions[0] ? '/version' : '/action'];
  if (violations.length > 0)
    throw new ApiError(400, {
      code: 'invalid_audit_log_event',
      message: 'Invalid Audit Log event.',
      errors: violations.map((instancePath) => ({ instancePath })),
    });
}
