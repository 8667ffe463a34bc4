/** Download of an export: CSV of its events. The link works for ten minutes. */
import { exportOf } from './exports.ts';
import type { StoredAuditLogEvent, StoredAuditLogExport } from '../state/audit-logs.ts';
import { isLive } from '../state/expiry.ts';
import { requireFound, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import type { World } from '../state/world.ts';

export const auditLogFilePages: readonly Operation[] = [
  { method: 'GET', path: '/audit-log-exports/{token}', perform: download },
];

const COLUMNS = ['id', 'action', 'occurred_at', 'actor', 'targets', 'context', 'metadata'] as const;

function download({ params: { token = '' } }: ApiRequest, { state, now }: World): Reply {
  const known = state.auditLogFiles.get(token);
  const file = requireFound(known && isLive(known, now()) ? known : undefined, 'File', token);
  const wanted = exportOf(state, file.export_id);
  const events = [...state.auditLogEvents.values()].filter((event) => isIncluded(wanted, event));
  const lines = events.map((event) => COLUMNS.map((column) => cell(event[column])).join(','));
  return {
    status: 200,
    text: [COLUMNS.join(','), ...lines, ''].join('\n'),
    headers: { 'Content-Type': 'text/csv; charset=utf-8' },
  };
}

function isIncluded(wanted: StoredAuditLogExport, event: StoredAuditLogEvent): boolean {
  const at = Date.parse(event.occurred_at);
  const among = (names: string[] | undefined, given: (string | undefined)[]) =>
    !names?.length || given.some((name) => name !== undefined && names.includes(name));
  return (
    event.organization_id === wanted.organization_id &&
    at >= Date.parse(wanted.range_start) &&
    at <= Date.parse(wanted.range_end) &&
    among(wanted.actions, [event.action]) &&
    among(wanted.actor_names, [event.actor.name]) &&
    among(wanted.actor_ids, [event.actor.id]) &&
    among(
      wanted.targets,
      event.targets.map(({ type }) => type),
    )
  );
}

function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? {});
  return `"${text.replaceAll('"', '""')}"`;
}
