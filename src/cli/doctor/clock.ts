import { fault, ok, warning, type Finding } from './check.ts';

/** HTTP dates have whole seconds. */
const TOLERATED_MS = 5_000;
/** Tokens and signatures are refused from here on. */
const FAULTY_MS = 60_000;

/** Compares a clock with ours. @param before, after when it was asked and had answered */
export function clockFinding(
  whose: string,
  theirs: number,
  before: number,
  after: number,
): Finding {
  const apart = Math.max(before - theirs, theirs - after, 0);
  if (apart <= TOLERATED_MS) return ok(`agrees with the clock of ${whose}`);
  const way = theirs > after ? 'behind' : 'ahead of';
  const says = `the clock of this machine is ${Math.round(apart / 1_000)} s ${way} that of ${whose}`;
  const remedy = 'Synchronize the clocks (NTP): tokens, codes and signatures depend on them.';
  return (apart > FAULTY_MS ? fault : warning)(says, remedy);
}
