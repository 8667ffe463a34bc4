const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
/** So many at once are no matter of single events, and trying more would only make it worse. */
const MAX = 1_000;

/** Subjects whose next event has failed: each is left alone for a while, which doubles every time. */
export function createHeldBack(now = () => performance.now()) {
  const held = new Map<string, { readonly failures: number; readonly until: number }>();
  const isHeld = ({ until }: { readonly until: number }) => until > now();
  return {
    subjects: (): string[] =>
      [...held].filter(([, one]) => isHeld(one)).map(([subject]) => subject),
    isFull: (): boolean => held.size >= MAX && [...held.values()].every(isHeld),
    /** @returns how often it has failed by now */
    hold(subject: string): number {
      const failures = (held.get(subject)?.failures ?? 0) + 1;
      const pauseMs = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
      held.set(subject, { failures, until: now() + pauseMs });
      return failures;
    },
    letGo(subject: string): void {
      held.delete(subject);
    },
  };
}
