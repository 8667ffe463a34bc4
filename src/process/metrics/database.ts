import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Health } from '../../db/health.ts';

/** Postgres, as this process sees it. */
export function databaseMetrics(registry: Registry) {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const up = gauge(
    'gatehouse_database_up',
    '1 if Postgres answered the last check of this process and takes writes. Checked every 10 s.',
  );
  const ping = gauge(
    'gatehouse_database_ping_seconds',
    'How long Postgres took for the last check that it answered.',
  );
  const clockOffset = gauge(
    'gatehouse_clock_offset_seconds',
    'The clock of Postgres minus that of this process, at the last check.',
  );
  const pending = gauge(
    'gatehouse_database_pending_migrations',
    'Migrations of this release that the database lacks, at the last check.',
  );
  const statements = new Histogram({
    name: 'gatehouse_database_statement_duration_seconds',
    help: 'Duration of statements by outcome (ok, failed: also a wrong value or a conflict).',
    labelNames: ['outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  return {
    observeStatement: (seconds: number, outcome: 'ok' | 'failed'): void => {
      statements.observe({ outcome }, seconds);
    },
    /** @param health undefined if Postgres did not answer, or takes no writes */
    databaseSeen: (health: Health | undefined): void => {
      up.set(health ? 1 : 0);
      if (!health) return;
      ping.set(health.seconds);
      clockOffset.set(health.clockOffsetSeconds);
      pending.set(health.pendingMigrations);
    },
  };
}
