const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
/** Above this many failing subjects the failure is systemic; stop applying events. */
const MAX_SUBJECTS = 10_000;
/** Failures after which an event is parked, if the event itself is at fault. */
const FAILURES_TO_PARK = 5;
/** Failures, over more than eight minutes, after which it is parked even without proof that the database works. */
const FAILURES_TO_PARK_ANYWAY = 10;
/** If more subjects than this fail and nothing is applied in the meantime, single events are not at fault. */
const MAX_UNRELATED = 20;

interface Held {
  readonly failures: number;
  readonly since: number;
  readonly until: number;
}

/** Exponential backoff for each subject whose next event has failed. */
export function createBackoff(now = () => performance.now()) {
  const held = new Map<string, Held>();
  let lastApplied = -Infinity;
  const isHeld = ({ until }: Held) => until > now();
  return {
    subjects: (): string[] =>
      [...held].filter(([, one]) => isHeld(one)).map(([subject]) => subject),
    isFull: (): boolean => held.size >= MAX_SUBJECTS && [...held.values()].every(isHeld),
    /** Records a failure. @returns the number of failures so far */
    hold(subject: string): number {
      const { failures: before = 0, since = now() } = held.get(subject) ?? {};
      const pauseMs = Math.min(FIRST_MS * 2 ** before, LONGEST_MS);
      held.set(subject, { failures: before + 1, since, until: now() + pauseMs });
      return before + 1;
    },
    /**
     * True if the event is at fault, not the database: it has failed several times over at least
     * some seconds, while other events were applied or few others failed.
     *
     * @param mayBeLoad the failure may be due to a slow database
     */
    isAtFault(subject: string, mayBeLoad: boolean): boolean {
      const { failures = 0, since = 0 } = held.get(subject) ?? {};
      if (failures < FAILURES_TO_PARK) return false;
      if (lastApplied >= since) return true;
      return held.size <= MAX_UNRELATED && (!mayBeLoad || failures >= FAILURES_TO_PARK_ANYWAY);
    },
    noteApplied(subject: string): void {
      lastApplied = now();
      held.delete(subject);
    },
    clear(subject: string): void {
      held.delete(subject);
    },
  };
}
