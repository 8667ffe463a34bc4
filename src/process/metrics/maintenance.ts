import { Counter, Gauge, type Registry } from 'prom-client';

/** The deletion of old data, and partitioned tables. */
export function maintenanceMetrics(registry: Registry) {
  const registers = [registry];
  return {
    maintained: new Gauge({
      name: 'gatehouse_maintenance_last_success_timestamp_seconds',
      help: 'When this worker, as the leader, last deleted old data without an error.',
      registers,
    }),
    pruneFailures: new Counter({
      name: 'gatehouse_maintenance_failures_total',
      help: 'Tables whose old rows could not be deleted; it is tried again in an hour.',
      registers,
    }),
    partitionDays: new Gauge({
      name: 'gatehouse_partition_days_ahead',
      help: 'Days until the last partition of a table ends, by table. Later rows go to the default partition.',
      labelNames: ['table'],
      registers,
    }),
    defaultPartition: new Gauge({
      name: 'gatehouse_default_partition_used',
      help: '1 if rows of a table are in its default partition: run gatehouse maintain.',
      labelNames: ['table'],
      registers,
    }),
  };
}
