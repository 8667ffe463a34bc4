/** Simulated network faults for webhook deliveries. Random, but reproducible: one seed, one sequence. */

/** Shares of deliveries are numbers from 0 to 1. */
export interface DeliveryChaos {
  /** Share that never arrives; a lost delivery is not retried either. */
  readonly loss: number;
  /** Share that arrives twice. */
  readonly duplication: number;
  /** Share that arrives after the delivery that follows it. */
  readonly reordering: number;
  /** Each delivery waits a random time in this range, in milliseconds; this may reorder them too. */
  readonly delayMs: readonly [least: number, most: number];
  readonly seed: number;
}

/** How one delivery is made. */
export interface DeliveryPlan {
  readonly isLost: boolean;
  readonly copies: 1 | 2;
  readonly isOvertaken: boolean;
  readonly delayMs: number;
}

/** Returns a function that plans one delivery per call. Faults left out never happen. */
export function createDeliveryPlanner({
  loss = 0,
  duplication = 0,
  reordering = 0,
  delayMs: [least, most] = [0, 0],
  seed = 1,
}: Partial<DeliveryChaos> = {}): () => DeliveryPlan {
  const random = createRandom(seed);
  // Every plan draws four numbers, so changing one share does not shift the outcome of the others.
  return () => {
    const [lost, doubled, overtaken, delay] = [random(), random(), random(), random()];
    return {
      isLost: lost < loss,
      copies: doubled < duplication ? 2 : 1,
      isOvertaken: overtaken < reordering,
      delayMs: least + Math.round(delay * (most - least)),
    };
  };
}

/** Numbers in [0, 1) by mulberry32, because Math.random cannot be seeded. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
