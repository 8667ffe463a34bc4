import { availableParallelism, loadavg } from 'node:os';

/**
 * The upper bound of a measured time: `milliseconds` on a quiet machine, and more the busier it is, so
 * that neighbours of the test run cannot fail it.
 */
export function within(milliseconds: number): number {
  const [load = 0] = loadavg();
  return milliseconds * (1.5 + (2 * load) / availableParallelism());
}
