/** What `/metrics` and the registrations say, for tests. */
import type { Registry } from 'prom-client';
import { createMetrics } from '../../src/process/metrics/metrics.ts';

export interface RegisteredMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  readonly labelNames: readonly string[];
}

const KINDS = ['counter', 'gauge', 'histogram', 'summary'] as const;

/** Every metric that a process registers; in alphabetical order. */
export const registeredMetrics = (
  registry: Registry = createMetrics().registry,
): readonly RegisteredMetric[] =>
  registry
    .getMetricsAsArray()
    .map((metric) => {
      const { name, help, labelNames } = metric as unknown as RegisteredMetric;
      const type = KINDS.find((kind) => kind === metric.constructor.name.toLowerCase());
      if (!type) throw new Error(`${name} is of no known type.`);
      return { name, help, type, labelNames };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));

/** The series of a scrape, without their values. */
export const seriesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));

/** The value of one series, e.g. `gatehouse_events_parked`. Undefined if it is not there. */
export function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
