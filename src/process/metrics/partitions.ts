import { Gauge, type Registry } from 'prom-client';

/** Partitioned tables. */
export function partitionMetrics(registry: Registry) {
  const registers = [registry];
  return {
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
