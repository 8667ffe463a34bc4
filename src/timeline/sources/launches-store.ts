import { columnsOf } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
import { LAUNCH_LIFE, type LaunchLife } from '../../db/launch-life.ts';
import { portalLaunches } from '../../db/schema/portal.ts';
import type { EntryOutcome, Placed, Source, SourceQuery } from '../entry.ts';
import { explainReason } from '../words/reasons.ts';
import { inIndexOrder } from './in-index-order-store.ts';

/** One portal launch. The audit trail has the acts; only this row has what a browser did. */
export interface Launch extends LaunchLife {
  readonly id: string;
  readonly key: string;
  readonly intent: string;
  readonly mode: string;
  readonly clientId: string;
  readonly userId: string;
}

const COLUMNS = columnsOf(portalLaunches, {
  alias: 'l',
  only: ['id', 'intent', 'mode', 'clientId', 'userId'],
});
const PAGE = `select ${COLUMNS}, l.created_at::text as key, ${LAUNCH_LIFE} from portal_launches l
  where l.tenant_id = $1 and ($2::timestamptz is null or l.created_at >= $2)
    and ($3::timestamptz is null or (l.created_at, l.id) < ($3, $4))
  order by l.created_at desc, l.id desc limit $5`;

export const launchSource = (db: Database): Source => ({
  async read({ tenantId, since, limit, key: [at, id] = [] }: SourceQuery) {
    const values = [tenantId, since, at, id, limit];
    return (await inIndexOrder<Launch>(db, PAGE, values)).map(placed);
  },
});

function placed(life: Launch): Placed {
  const { outcome, reason } = outcomeOf(life);
  return {
    at: life.createdAt,
    key: [life.key, life.id],
    entry: {
      id: life.id,
      at: life.createdAt,
      kind: 'portal',
      operation: 'createPortalLaunch',
      outcome,
      reason,
      text: `Portal link for ${life.intent}, for ${life.userId}: ${[...stepsOf(life), ...mailOf(life)].join(', ')}`,
      count: 1,
      clientId: life.clientId,
      userId: life.userId,
      requestId: null,
    },
  };
}

/** @param now for tests */
export function outcomeOf(
  life: LaunchLife,
  now = new Date(),
): { readonly outcome: EntryOutcome; readonly reason: string | null } {
  if (life.redirectedAt) return { outcome: 'succeeded', reason: null };
  if (life.revokedAt) return { outcome: 'refused', reason: 'launch_revoked' };
  if (life.mail?.state === 'failed' && !life.openedAt)
    return { outcome: 'failed', reason: life.mail.reason };
  if (life.expiresAt > now)
    return {
      outcome: life.failedAt ? 'failed' : 'started',
      reason: life.failedAt ? 'launch_failed' : null,
    };
  return life.failedAt
    ? { outcome: 'failed', reason: 'launch_failed' }
    : { outcome: 'refused', reason: life.openedAt ? 'launch_not_confirmed' : 'launch_expired' };
}

function stepsOf(life: LaunchLife): string[] {
  const steps: [string, Date | null][] = [
    ['created', life.createdAt],
    ['opened', life.openedAt],
    ['failed', life.failedAt],
    ['sent to WorkOS', life.redirectedAt],
    ['came back', life.returnedAt],
    ['set up', life.configuredAt],
    ['revoked', life.revokedAt],
  ];
  const taken = steps.flatMap(([name, at]) => (at ? [`${name} ${clock(at)}`] : []));
  const { reason } = outcomeOf(life);
  return reason === 'launch_expired' || reason === 'launch_not_confirmed'
    ? [...taken, `expired unused ${clock(life.expiresAt)}`]
    : taken;
}

/** Without the address, which concerns nobody here. */
function mailOf({ mail }: LaunchLife): string[] {
  if (!mail) return [];
  const why = mail.reason === null ? '' : `: ${explainReason(mail.reason).replace(/\.$/, '')}`;
  const state = mail.state === 'queued' ? 'waits' : mail.state;
  return [`its e-mail ${state}${why}`];
}

/** The time without its date if it is of no use: hours, minutes and seconds in UTC. */
const clock = (at: Date): string => at.toISOString().slice(5, 19).replace('T', ' ');
