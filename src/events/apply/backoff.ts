const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
/** So many at once are no matter of single events, and trying more would only make it worse. */
const MAX = 10_000;
/** An event that failed so often is parked, if it is the event that is wrong. */
const ENOUGH = 5;
/** An event that failed so often, over more than eight minutes, is parked though nothing else tells that the database is well. */
const SURELY_ENOUGH = 10;
/** More subjects than this that fail at once, with nothing applied meanwhile, are no matter of single events. */
const SINGLE = 20;

interface Held {
  readonly failures: number;
  readonly since: number;
  readonly until: number;
}

/** Subjects whose next event has failed: each is left alone for a while, which doubles every time. */
export function createBackoff(now = () => performance.now()) {
  const held = new Map<string, Held>();
  let lastApplied = -Infinity;
  const isHeld = ({ until }: Held) => until > now();
  return {
    subjects: (): string[] =>
      [...held].filter(([, one]) => isHeld(one)).map(([subject]) => subject),
    isFull: (): boolean => held.size >= MAX && [...held.values()].every(isHeld),
    /** @returns how often it has failed by now */
    hold(subject: string): number {
      const { failures: before = 0, since = now() } = held.get(subject) ?? {};
      const pauseMs = Math.min(FIRST_MS * 2 ** before, LONGEST_MS);
      held.set(subject, { failures: before + 1, since, until: now() + pauseMs });
      return before + 1;
    },
    /**
     * Whether the subject's event is at fault, and not the database: it has failed several times
     * over at least some seconds, while others were applied or few others failed.
     *
     * @param mayBeLoad the failure may come from a slow database as well as from the event
     */
    isAtFault(subject: string, mayBeLoad: boolean): boolean {
      const { failures = 0, since = 0 } = held.get(subject) ?? {};
      if (failures < ENOUGH) return false;
      if (lastApplied >= since) return true;
      return held.size <= SINGLE && (!mayBeLoad || failures >= SURELY_ENOUGH);
    },
    noteApplied(subject: string): void {
      lastApplied = now();
      held.delete(subject);
    },
    letGo(subject: string): void {
      held.delete(subject);
    },
  };
}
