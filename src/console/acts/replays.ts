import type { Redelivery } from '../../maintenance/redelivery.ts';
import type { Actor } from '../../core/identity.ts';
import type { ConsoleAct } from '../page.ts';

/** Half a second each: a page must not take longer. */
const MOST_PARTS = 6;

/** Delivers events to an endpoint again, as `gatehouse deliveries replay` does. */
export function replayActs(redelivery: Redelivery): readonly ConsoleAct[] {
  const one = async (fields: URLSearchParams, actor: Actor): Promise<string> => {
    const [id, eventId] = [fields.get('endpoint') ?? '', fields.get('event') ?? ''];
    const count = await redelivery.one(id, eventId, actor);
    return `/deliveries/${id}?done=${count > 0 ? 'queued' : 'nothing'}`;
  };

  const missed = async (fields: URLSearchParams, actor: Actor): Promise<string> => {
    const id = fields.get('endpoint') ?? '';
    const { count, isComplete } = await redelivery.missed(id, actor, MOST_PARTS);
    if (!isComplete) return `/deliveries/${id}?done=part`;
    return `/deliveries/${id}?done=${count > 0 ? 'all' : 'none'}`;
  };

  return [
    { path: '/deliveries/replay', operation: 'console replay', run: one },
    { path: '/deliveries/replay-missed', operation: 'console replay missed', run: missed },
  ];
}
