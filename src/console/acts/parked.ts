import { Problem } from '../../core/problem.ts';
import type { Actor } from '../../core/identity.ts';
import type { Parked } from '../../events/inbox/parked-store.ts';
import type { ConsoleAct } from '../page.ts';

export interface ParkedDeps {
  readonly find: (id: string) => Promise<readonly Parked[]>;
  /** @returns why it was not done, or undefined */
  readonly retry: (parked: Parked, actor: Actor) => Promise<string | undefined>;
  /** @returns why it was not done, or undefined */
  readonly drop: (parked: Parked, actor: Actor) => Promise<string | undefined>;
}

/** Retries and drops parked events, as `gatehouse events parked` does. */
export const parkedActs = ({ find, retry, drop }: ParkedDeps): readonly ConsoleAct[] => {
  const on =
    (act: typeof retry, done: string): ConsoleAct['run'] =>
    async (fields, actor) => {
      const [entry] = await find(fields.get('event') ?? '');
      if (!entry) throw new Problem('entity-not-found', 'The event is not parked any more.');
      const why = await act(entry, actor);
      if (why !== undefined) throw new Problem('workos-unprocessable', `The event ${why}.`);
      return `/events?done=${done}`;
    };
  return [
    { path: '/events/retry', operation: 'console retry event', run: on(retry, 'retried') },
    { path: '/events/drop', operation: 'console drop event', run: on(drop, 'dropped') },
  ];
};
