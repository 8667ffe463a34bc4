import { availableParallelism, loadavg } from 'node:os';

/** Processes per core that the test run itself keeps busy. */
const OWN_LOAD = 2;

/**
 * The upper bound of a measured time: exactly `milliseconds`, unless the machine is busier than the
 * test run makes it. Then it grows with the load, so that neighbours of the test run cannot fail it.
 */
export function within(milliseconds: number): number {
  const [load = 0] = loadavg();
  return milliseconds * Math.max(1, load / (OWN_LOAD * availableParallelism()));
}
