import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { OnTaskRun } from '../../core/repeating-task.ts';

/** Runs of background tasks. The names of tasks are constants of the code. */
export function taskMetrics(registry: Registry) {
  const registers = [registry];
  const duration = new Histogram({
    name: 'gatehouse_task_duration_seconds',
    help: 'Duration of the runs of background tasks.',
    labelNames: ['task'],
    buckets: [0.1, 1, 10, 60],
    registers,
  });
  const failures = new Counter({
    name: 'gatehouse_task_failures_total',
    help: 'Failed runs of background tasks. A failed run is repeated at the next interval.',
    labelNames: ['task'],
    registers,
  });
  const succeeded = new Gauge({
    name: 'gatehouse_task_last_success_timestamp_seconds',
    help: 'When a background task of this process last ran without an error.',
    labelNames: ['task'],
    registers,
  });
  const onTaskRun: OnTaskRun = (task, outcome, seconds) => {
    duration.observe({ task }, seconds);
    failures.inc({ task }, outcome === 'failed' ? 1 : 0);
    if (outcome === 'ok') succeeded.setToCurrentTime({ task });
  };
  return { onTaskRun };
}
