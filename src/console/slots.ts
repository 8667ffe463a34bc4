/** Limits how much is done at once. Does not wait: an operator reloads. */
export function createSlots(most: number) {
  let taken = 0;
  return {
    /** Returns undefined, without calling `work`, if too much is under way. */
    async run<T>(work: () => Promise<T>): Promise<T | undefined> {
      if (taken >= most) return undefined;
      taken += 1;
      try {
        return await work();
      } finally {
        taken -= 1;
      }
    },
  };
}
