import type { Client } from '../../core/identity.ts';
import type { FindClient } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import type { Replay } from '../../webhooks/replay.ts';
import type { EndpointRow } from '../../webhooks/store.ts';
import type { ConsoleAct } from '../page.ts';

export interface ReplayDeps {
  readonly findClient: FindClient;
  readonly ownerOf: (endpointId: string) => Promise<string | undefined>;
  /** Returns undefined if the endpoint is not this client's. */
  readonly findEndpoint: (client: Client, id: string) => Promise<EndpointRow | undefined>;
  readonly replay: Replay;
}

/** Delivers one event to one endpoint again, with the rights of the client whose endpoint it is. */
export const replayDelivery = ({
  ownerOf,
  findClient,
  findEndpoint,
  replay,
}: ReplayDeps): ConsoleAct => ({
  path: '/deliveries/replay',
  operation: 'console replay',
  async run(fields, actor) {
    const [id, eventId] = [fields.get('endpoint') ?? '', fields.get('event') ?? ''];
    const owner = await ownerOf(id);
    const client = owner === undefined ? undefined : await findClient(owner);
    const endpoint = client && (await findEndpoint(client, id));
    if (!client || !endpoint)
      throw new Problem('entity-not-found', 'The endpoint or its client no longer exists.');
    if (endpoint.status === 'disabled')
      throw new Problem('endpoint-disabled', 'The endpoint is disabled; its client enables it.');
    const { count } = await replay(
      client,
      endpoint,
      { eventId },
      {
        actor,
        outcome: 'succeeded',
        details: { webhook_endpoint: id, event_id: eventId },
      },
    );
    return `/deliveries/${id}?done=${count > 0 ? 'queued' : 'nothing'}`;
  },
});
