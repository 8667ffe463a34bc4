const AGAIN_MS = 30_000;

/**
 * Throttles the log of an ongoing failure: the first message, every changed message, and a
 * repetition every 30 s while it lasts.
 *
 * @param log writes one message
 */
export function createLogThrottle(log: (text: string) => void, now = () => performance.now()) {
  let logged: string | undefined;
  let loggedAt = -Infinity;
  return {
    say(text: string): void {
      if (text === logged && now() - loggedAt < AGAIN_MS) return;
      logged = text;
      loggedAt = now();
      log(text);
    },
    /** Call when the failure is over. */
    reset(): void {
      logged = undefined;
    },
  };
}
