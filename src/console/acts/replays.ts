import type { Actor, Client } from '../../core/identity.ts';
import type { FindClient } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import type { Replay, ReplayOf } from '../../webhooks/replay.ts';
import type { EndpointRow } from '../../webhooks/store.ts';
import type { ConsoleAct } from '../page.ts';

export interface ReplayDeps {
  readonly findClient: FindClient;
  readonly ownerOf: (endpointId: string) => Promise<string | undefined>;
  /** Returns undefined if the endpoint is not this client's. */
  readonly findEndpoint: (client: Client, id: string) => Promise<EndpointRow | undefined>;
  readonly replay: Replay;
}

/** A replay looks at the feed in parts of half a second. */
const MOST_PARTS = 6;

/** Delivers events to an endpoint again, with the rights of the client whose endpoint it is. */
export function replayActs({
  ownerOf,
  findClient,
  findEndpoint,
  replay,
}: ReplayDeps): readonly ConsoleAct[] {
  /** @throws Problem `entity-not-found`, `endpoint-disabled` */
  const targetOf = async (id: string): Promise<[Client, EndpointRow]> => {
    const owner = await ownerOf(id);
    const client = owner === undefined ? undefined : await findClient(owner);
    const endpoint = client && (await findEndpoint(client, id));
    if (!client || !endpoint)
      throw new Problem('entity-not-found', 'The endpoint or its client no longer exists.');
    if (endpoint.status === 'disabled')
      throw new Problem('endpoint-disabled', 'The endpoint is disabled; its client enables it.');
    return [client, endpoint];
  };

  const one = async (fields: URLSearchParams, actor: Actor): Promise<string> => {
    const [id, eventId] = [fields.get('endpoint') ?? '', fields.get('event') ?? ''];
    const details = { webhook_endpoint: id, event_id: eventId };
    const { count } = await replay(...(await targetOf(id)), { eventId }, succeeded(actor, details));
    return `/deliveries/${id}?done=${count > 0 ? 'queued' : 'nothing'}`;
  };

  const missed = async (fields: URLSearchParams, actor: Actor): Promise<string> => {
    const id = fields.get('endpoint') ?? '';
    const target = await targetOf(id);
    const details = { webhook_endpoint: id, missed: true };
    let [count, after, part]: [number, string | undefined, number] = [0, undefined, 0];
    do {
      const range: ReplayOf = { isMissed: true, since: undefined, until: undefined, after };
      const done = await replay(...target, range, succeeded(actor, details));
      count += done.count;
      after = done.after ?? undefined;
      part += 1;
    } while (after !== undefined && part < MOST_PARTS);
    const outcome = after === undefined ? 'all' : 'part';
    return `/deliveries/${id}?done=${count > 0 || outcome === 'part' ? outcome : 'none'}`;
  };

  return [
    { path: '/deliveries/replay', operation: 'console replay', run: one },
    { path: '/deliveries/replay-missed', operation: 'console replay missed', run: missed },
  ];
}

const succeeded = (actor: Actor, details: Readonly<Record<string, unknown>>) => ({
  ...{ actor, details },
  outcome: 'succeeded' as const,
});
