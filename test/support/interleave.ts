/** Races as readable tests: one side is stopped at a named point, the other runs, the first goes on. */
import pg from 'pg';
import type { FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { createLatch } from './latch.ts';
import type { TestDatabase } from './test-database.ts';

/** A point at which something has stopped, or will. */
export interface Pause {
  /** Resolves once something has stopped at the point. */
  readonly reached: Promise<void>;
  /** Lets it go on, and stops nothing more. */
  resume(): void;
}

/**
 * Stops the next call of this operation at WorkOS: before WorkOS does what was asked, or after that
 * and before it answers.
 *
 * @param operation as for `FakeWorkos.fault`, e.g. `PUT /organizations/*`
 */
export function pauseCall(
  workos: FakeWorkos,
  operation: string,
  at: 'before-effect' | 'after-effect' = 'before-effect',
): Pause {
  const reached = createLatch();
  const resumed = createLatch();
  workos.fault(
    operation,
    {
      kind: 'hold',
      until: resumed.opened,
      before: at === 'before-effect',
      onReached: reached.open,
    },
    { times: 1 },
  );
  return { reached: reached.opened, resume: resumed.open };
}

/** Runs `meanwhile` while `first` is stopped at the point. @returns the answers of both, in this order */
export async function interleave<A, B>(
  pause: Pause,
  first: () => PromiseLike<A>,
  meanwhile: () => PromiseLike<B>,
): Promise<[A, B]> {
  // `then` starts a request of supertest, which otherwise waits to be awaited.
  const stopped = Promise.resolve(first());
  await Promise.race([pause.reached, stopped.then(endedEarly)]);
  try {
    const answer = await meanwhile();
    pause.resume();
    return [await stopped, answer];
  } finally {
    pause.resume();
  }
}

const endedEarly = (answer: unknown): never => {
  throw new Error(`It ended without reaching the point: ${JSON.stringify(answer)}`);
};

/** Holds what a statement locks (`select … for update`, `lock table …`), in a session of its own, until it is let go. */
export async function holdLock(
  { url }: Pick<TestDatabase, 'url'>,
  statement: string,
  values: readonly unknown[] = [],
): Promise<{ release(): Promise<void> }> {
  const session = new pg.Client({ connectionString: url });
  await session.connect();
  await session.query('begin');
  await session.query(statement, [...values]);
  return {
    async release() {
      await session.query('rollback');
      await session.end();
    },
  };
}
