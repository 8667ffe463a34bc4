import { startRepeatingTask, type Task, type TaskWatch } from '../core/repeating-task.ts';
import type { Database } from '../db/database.ts';
import { describeCause } from '../core/describe-cause.ts';
import {
  keepPartitions,
  partitionState,
  prune,
  type PartitionState,
} from '../maintenance/retention.ts';
import type { Metrics } from './metrics/metrics.ts';

export interface MaintenanceDeps extends TaskWatch {
  readonly db: Database;
  readonly metrics: Metrics;
  readonly retentionDays: number;
  readonly isReady: () => boolean;
  readonly isLeading: () => boolean;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Called with a line for each table that an operator must look after. */
  readonly onNotes: (notes: readonly string[]) => void;
}

const HOURLY_MS = 3_600_000;
/** How often to look, until this process leads and has maintained once. */
const SOON_MS = 30_000;
/** Partitions are made six weeks ahead, so this few days mean that it has failed for weeks. */
const FEW_DAYS = 14;
const DAY_MS = 86_400_000;

/** Deletes old rows and keeps partitions, once an hour in the leading worker. Every worker reports the state. */
export function startMaintenance(deps: MaintenanceDeps): Task {
  const { db, isReady, isLeading } = deps;
  let next = 0;
  return startRepeatingTask('maintain', SOON_MS, deps, async () => {
    if (!isReady()) return;
    if (isLeading() && performance.now() >= next) {
      next = performance.now() + HOURLY_MS;
      await maintain(deps);
    }
    report(deps, await partitionState(db));
  });
}

async function maintain(deps: MaintenanceDeps): Promise<void> {
  const { db, logger, metrics, retentionDays, signal } = deps;
  const partitions = await keepPartitions(db, retentionDays);
  const pruned = await prune(db, { days: retentionDays, signal });
  const deleted = Object.fromEntries(pruned.map(({ table, rows }) => [table, rows]));
  logger.info({ partitions, deleted }, 'old data was deleted');
  const failures = pruned.filter(({ error }) => error !== undefined);
  for (const { table, error } of failures)
    logger.warn(
      { table, cause: describeCause(error) },
      'old rows could not be deleted; it is tried again in an hour',
    );
  metrics.pruneFailures.inc(failures.length);
  if (failures.length === 0) metrics.maintained.setToCurrentTime();
}

function report({ metrics, onNotes }: MaintenanceDeps, states: readonly PartitionState[]): void {
  for (const { name, ends, isDefaultUsed } of states) {
    metrics.partitionDays.set({ table: name }, daysUntil(ends));
    metrics.defaultPartition.set({ table: name }, isDefaultUsed ? 1 : 0);
  }
  onNotes(states.map(noteOf).filter((note) => note !== undefined));
}

const daysUntil = (ends: Date | null): number =>
  ends === null ? 0 : Math.max(0, (ends.getTime() - Date.now()) / DAY_MS);

function noteOf({ name, ends, isDefaultUsed }: PartitionState): string | undefined {
  if (isDefaultUsed) return `${name}: rows are in the default partition; run "gatehouse maintain"`;
  return daysUntil(ends) < FEW_DAYS
    ? `${name}: partitions end in ${Math.floor(daysUntil(ends))} days; run "gatehouse maintain"`
    : undefined;
}
