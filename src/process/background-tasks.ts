import type { Database } from '../db/database.ts';
import type { AuditWriter } from '../audit-trail/writer.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { describeCause } from '../core/describe-cause.ts';
import type { Tracer } from '../core/span.ts';
import { inTaskSpan } from '../core/tracing.ts';
import { startRepeatingTask, type Task, type TaskWatch } from '../core/repeating-task.ts';
import { announceExpiring, type CertificateDeps } from '../setup/certificates.ts';
import { createCertificateStore } from '../setup/certificates-store.ts';
import type { Missing } from '../tenants/missing/missing.ts';
import { createChanges } from '../tenants/changes/changes.ts';
import { createSettling } from '../tenants/changes/settle-changes.ts';
import { reconcile, type ReconcilerDeps } from '../tenants/provisioning/reconciler.ts';
import { startPruning } from './pruning.ts';

export interface BackgroundTaskDeps extends ReconcilerDeps, TaskWatch {
  readonly audit: AuditWriter;
  readonly db: Database;
  readonly tracer: Tracer | undefined;
  readonly missing: Pick<Missing, 'recheck' | 'report'>;
  readonly isReady: () => boolean;
  readonly onAnnounced: CertificateDeps['onAnnounced'];
  /** The pause between two rounds over unfinished tenants and over missing organizations. */
  readonly tenantRoundMs: number;
}

/** Background tasks that are safe to run in every process: finish interrupted provisioning, delete expired rows. */
export function startBackgroundTasks({
  db,
  logger,
  onTaskRun,
  tracer,
  isReady,
  onAnnounced,
  missing,
  tenantRoundMs,
  ...deps
}: BackgroundTaskDeps): Task[] {
  const task = (
    name: string,
    everyMs: number | (() => number),
    work: () => Promise<unknown>,
  ): Task =>
    startRepeatingTask(name, everyMs, { logger, onTaskRun }, async () =>
      isReady() ? inTaskSpan(tracer, name, work) : undefined,
    );
  const failed = (what: string) => (tenantId: string, error: unknown) => {
    logger.warn({ tenant_id: tenantId, cause: describeCause(error) }, what);
  };
  const onUnfinished = failed('a tenant could not be finished; it is tried again');
  const onUnsettled = failed('a change of a tenant is uncertain at WorkOS; it is settled later');
  const { settle } = createChanges({ ...deps, reportMissing: missing.report });
  const settling = createSettling(tenantRoundMs, { ...deps, settle, onUnsettled });
  const onUnseen = failed('an organization could not be looked for; it is tried again');
  return [
    task('reconcile', tenantRoundMs, () => reconcile({ ...deps, onUnfinished })),
    task('settle changes', settling.pauseMs, settling.round),
    task('look for organizations', tenantRoundMs, () => missing.recheck(onUnseen)),
    ...startPruning({ db, logger }, task),
    // Hourly, because a process that is replaced every day would never reach a daily interval.
    task('announce certificates', 3_600_000, () =>
      announceExpiring({ store: createCertificateStore(db), recordEvent, onAnnounced }),
    ),
  ];
}
