/** Limits how much is done at once. Does not wait: an operator reloads. */
export function createPlaces(most: number) {
  const taken = new Set<() => void>();
  return {
    /** Returns a function that gives the place back, or undefined if all are taken. */
    enter(): (() => void) | undefined {
      if (taken.size >= most) return undefined;
      const leave = () => void taken.delete(leave);
      taken.add(leave);
      return leave;
    },
  };
}

/** Limits how many calls are under way at once. */
export function createSlots(most: number) {
  const places = createPlaces(most);
  return {
    /** Returns undefined, without calling `work`, if too much is under way. */
    async run<T>(work: () => Promise<T>): Promise<T | undefined> {
      const leave = places.enter();
      if (!leave) return undefined;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
