/** What the network does to deliveries: chance, but the same chance for the same seed. */

/** Shares are from 0 to 1, of deliveries. */
export interface Disturbance {
  /** Never arrive, however often they are tried. */
  readonly loss: number;
  /** Arrive twice. */
  readonly duplication: number;
  /** Are overtaken by the next one. */
  readonly reordering: number;
  /** Each waits a time between these two, in milliseconds; so it may be overtaken as well. */
  readonly delayMs: readonly [least: number, most: number];
  readonly seed: number;
}

export interface Fate {
  readonly isLost: boolean;
  readonly copies: 1 | 2;
  readonly isOvertaken: boolean;
  readonly delayMs: number;
}

/** The fate of each delivery, one after the other. What is left out does not happen. */
export function createFates({
  loss = 0,
  duplication = 0,
  reordering = 0,
  delayMs: [least, most] = [0, 0],
  seed = 1,
}: Partial<Disturbance> = {}): () => Fate {
  const random = createRandom(seed);
  // Every fate takes four numbers, so that changing one share leaves the others' chances alone.
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

/** Numbers from 0 to below 1 by mulberry32, since Math.random takes no seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
