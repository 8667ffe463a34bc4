/** `/audit_logs/exports`. The first read returns `pending`, later ones `ready` with a new URL each. */
import { z } from 'zod';
import type { AuditLogExport, StoredAuditLogExport } from '../state/audit-logs.ts';
import { expiryIn, deleteExpired } from '../state/expiry.ts';
import {
  ApiError,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { randomText } from '../state/ids.ts';
import { timestamps, type World } from '../state/world.ts';

/** @see https://workos.com/docs/audit-logs/exporting-events */
const URL_LIFETIME_MS = 10 * 60_000;
const MONTHS_KEPT = 3;

export const auditLogExportOperations: readonly Operation[] = [
  { method: 'POST', path: '/audit_logs/exports', perform: create },
  { method: 'GET', path: '/audit_logs/exports/{auditLogExportId}', perform: get },
];

const Moment = z.iso.datetime({ offset: true });
const Names = z.array(z.string()).optional();
const CreateExport = z.object({
  organization_id: z.string(),
  range_start: Moment,
  range_end: Moment,
  actions: Names,
  // Deprecated name of actor_names.
  actors: Names,
  actor_names: Names,
  actor_ids: Names,
  targets: Names,
});
type CreateExport = z.infer<typeof CreateExport>;

/** Marks the export as failed. */
export function failAuditLogExport({ state }: World, id: string): void {
  exportOf(state, id).state = 'error';
}

/** @throws ApiError 404 */
export function exportOf({ auditLogExports }: World['state'], id: string): StoredAuditLogExport {
  return requireFound(auditLogExports.get(id), 'Audit Log Export', id);
}

function create(request: ApiRequest, world: World): Reply {
  const { actors, ...input } = parseExport(request.body);
  requireRange(world, input);
  const created: StoredAuditLogExport = {
    object: 'audit_log_export',
    id: world.newId('audit_log_export'),
    state: 'pending',
    ...timestamps(world),
    ...input,
    actor_names: input.actor_names ?? actors,
  };
  world.state.auditLogExports.set(created.id, created);
  return { status: 201, body: { ...toReply(created), url: null } };
}

/** The first read still returns `pending`, as it does for a caller that reads at once. */
function get({ params }: ApiRequest, world: World): Reply {
  const found = exportOf(world.state, params.auditLogExportId ?? '');
  const body = { ...toReply(found), url: found.state === 'ready' ? newUrl(world, found) : null };
  if (found.state === 'pending') {
    found.state = 'ready';
    found.updated_at = world.now().toISOString();
  }
  return { status: 200, body };
}

function toReply({ object, id, state, created_at, updated_at }: AuditLogExport): AuditLogExport {
  return { object, id, state, created_at, updated_at };
}

function newUrl(world: World, { id, organization_id }: StoredAuditLogExport): string {
  const { auditLogFiles } = world.state;
  const token = randomText(40);
  const expires_at = expiryIn(URL_LIFETIME_MS, world.now());
  deleteExpired(auditLogFiles, world.now());
  auditLogFiles.set(token, { token, export_id: id, organization_id, expires_at });
  return `${world.url}/audit-log-exports/${token}`;
}

/** @throws ApiError 400 in a shape that only this operation has */
function parseExport(body: unknown): CreateExport {
  const parsed = CreateExport.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ApiError(400, { message, error: 'Bad Request' });
}

/** @throws ApiError 400 */
function requireRange(
  world: World,
  { organization_id, range_start, range_end }: CreateExport,
): void {
  const oldest = new Date(world.now());
  oldest.setUTCMonth(oldest.getUTCMonth() - MONTHS_KEPT);
  const refuse = (message: string): never => {
    throw new ApiError(400, { message });
  };
  if (!world.state.organizations.has(organization_id))
    refuse(`Organization not found: '${organization_id}'.`);
  if (Date.parse(range_start) >= Date.parse(range_end))
    refuse('The start of the range must be before its end.');
  if (Date.parse(range_start) < oldest.getTime())
    refuse(`The range must not start more than ${MONTHS_KEPT} months ago.`);
}
