/** Operations that WorkOS holds back, of which the other processes have not been told. */
export function createUntoldHolds(now: () => number) {
  const ends = new Map<string, number>();
  return {
    add(operation: string, ms: number): void {
      ends.set(operation, now() + ms);
    },
    isEmpty: (): boolean => ends.size === 0,
    /** How long each of them lasts, in ms. */
    left: (): Map<string, number> =>
      new Map([...ends].map(([operation, until]) => [operation, Math.max(0, until - now())])),
    /** Call what it returns once the others have heard. A hold that comes in between is told the next time. */
    tell(): () => void {
      const told = [...ends];
      return () => {
        for (const [operation, until] of told)
          if (ends.get(operation) === until) ends.delete(operation);
      };
    },
  };
}
