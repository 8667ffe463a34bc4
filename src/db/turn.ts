import type { Queryable } from '../core/ports.ts';

/*
 * The row is one of `leases`, without a holder. A turn that ends much later than one that is taken now was taken before
 * the database's clock was set back, and counts as over.
 */
const TAKE = `insert into leases as l (name, term, until)
  values ($1, 1, clock_timestamp() + make_interval(secs => $2))
  on conflict (name) do update
    set term = l.term + 1, until = clock_timestamp() + make_interval(secs => $2)
  where l.until <= clock_timestamp() or l.until > clock_timestamp() + make_interval(secs => 2 * $2)
  returning term`;
/** Leaves the turn of a process that has taken it since. */
const END = 'update leases set until = clock_timestamp() where name = $1 and term = $2';

/** Does the work, unless a process has begun it in the last `seconds`. After a failure the next one may begin at once. */
export async function inTurn(
  db: Queryable,
  { name, seconds }: { readonly name: string; readonly seconds: number },
  work: () => Promise<unknown>,
): Promise<void> {
  const [taken] = await db.query<{ term: string }>(TAKE, [name, seconds]);
  if (!taken) return;
  try {
    await work();
  } catch (error) {
    // Otherwise the turn ends by itself.
    await db.query(END, [name, taken.term]).catch(() => undefined);
    throw error;
  }
}
