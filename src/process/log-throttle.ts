const AGAIN_MS = 30_000;

/**
 * For a failure that goes on: it is told at once, when it changes, and every 30 s while it lasts.
 *
 * @param tell what to do with a text that is due
 */
export function createLogThrottle(tell: (text: string) => void, now = () => performance.now()) {
  let told: string | undefined;
  let toldAt = -Infinity;
  return {
    say(text: string): void {
      if (text === told && now() - toldAt < AGAIN_MS) return;
      told = text;
      toldAt = now();
      tell(text);
    },
    /** The failure is over. */
    reset(): void {
      told = undefined;
    },
  };
}
