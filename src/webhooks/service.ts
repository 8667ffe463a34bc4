import { randomUUID } from 'node:crypto';
import type { AuditRow } from '../audit-trail/writer.ts';
import { requireEventTypes, type SeenTypes } from '../core/event-types.ts';
import { hasScope, type Actor, type Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import type { SecretEncryption } from '../core/encryption.ts';
import type { InputOf } from '../http/endpoint.ts';
import type { AttemptRow, AttemptStore } from './attempts-store.ts';
import type { webhooksContract } from './contract.ts';
import { endpointNotFound, type EndpointRow } from './endpoint-row-store.ts';
import { endpointUrl, type IsAllowed } from './endpoint-url.ts';
import type { EventReplay, ReplayOf } from './replay.ts';
import { newSecret } from './signatures.ts';
import { MAX_ENDPOINTS, type EndpointStore, type Written } from './store.ts';

type In<Op extends keyof typeof webhooksContract> = InputOf<typeof webhooksContract, Op>;

export interface WebhookDeps {
  readonly endpoints: EndpointStore;
  readonly attempts: AttemptStore;
  readonly replay: EventReplay;
  readonly encryption: SecretEncryption;
  readonly isAllowed: IsAllowed;
  readonly seenTypes: SeenTypes;
}

export type WebhookService = ReturnType<typeof createWebhookService>;

/** Webhook endpoints. Every client sees and changes only its own. */
export const createWebhookService = ({
  endpoints,
  attempts,
  replay,
  encryption,
  isAllowed,
  seenTypes,
}: WebhookDeps) => ({
  async list({ client, query }: In<'listWebhookEndpoints'>) {
    const order = query.order === 'asc' ? 'asc' : 'desc';
    const { data, list_metadata } = await endpoints.list(client, { ...query, order });
    return { object: 'list' as const, data: data.map((row) => reply(row)), list_metadata };
  },

  /** @throws Problem `insufficient-scope`, `invalid-url`, `invalid-request`, `duplicate-endpoint`, `too-many-endpoints` */
  async create({ client, body, actor }: In<'createWebhookEndpoint'>) {
    requireReader(client);
    const { endpoint_url, events } = body;
    const id = `we_${randomUUID().replaceAll('-', '')}`;
    const url = endpointUrl(endpoint_url, isAllowed);
    await requireEventTypes(events, seenTypes);
    const secret = newSecret();
    const written = await endpoints.add(
      client,
      { id, endpointUrl: url, events, secret: encryption.encrypt(secret) },
      auditOf(actor, id, { origin: originOf(url), events }),
    );
    return reply(requireWritten(written), secret.reveal());
  },

  /** @throws Problem `entity-not-found`, `invalid-url`, `invalid-request`, `duplicate-endpoint` */
  async update({ client, params: { id }, body, actor }: In<'updateWebhookEndpoint'>) {
    const { endpoint_url, ...changes } = body;
    const url = endpoint_url === undefined ? undefined : endpointUrl(endpoint_url, isAllowed);
    await requireEventTypes(body.events, seenTypes);
    const written = await endpoints.change(
      client,
      id,
      { ...changes, endpointUrl: url },
      auditOf(actor, id, { origin: url && originOf(url), ...changes }),
    );
    return reply(requireWritten(written));
  },

  /** @throws Problem `entity-not-found` */
  async remove({ client, params: { id }, actor }: In<'deleteWebhookEndpoint'>): Promise<undefined> {
    await endpoints.remove(client, id, auditOf(actor, id));
    return undefined;
  },

  /** @throws Problem `entity-not-found`, `too-many-secrets` */
  async rotate({ client, params: { id }, actor }: In<'rotateWebhookSecret'>) {
    const secret = newSecret();
    const row = await endpoints.rotate(client, id, encryption.encrypt(secret), auditOf(actor, id));
    return {
      ...reply(row, secret.reveal()),
      former_secret_until: row.formerSecretUntil.toISOString(),
    };
  },

  /** @throws Problem `insufficient-scope`, `entity-not-found`, `endpoint-disabled`, `too-many-requests` */
  async replay({ client, params: { id }, body, actor }: In<'replayWebhookEvents'>) {
    requireReader(client);
    const endpoint = await endpointOfClient(endpoints, client, id);
    if (endpoint.status === 'disabled')
      throw new Problem('endpoint-disabled', 'The endpoint is disabled; enable it first.');
    const { count, after } = await replay(
      client,
      endpoint,
      replayOf(body),
      auditOf(actor, id, body),
    );
    return { object: 'webhook_replay' as const, count, more_after: after };
  },

  /** @throws Problem `entity-not-found` */
  async deliveries({ client, params: { id }, query }: In<'listWebhookDeliveries'>) {
    await endpointOfClient(endpoints, client, id);
    const { data, list_metadata } = await attempts.list(id, query);
    return { object: 'list' as const, data: data.map(delivery), list_metadata };
  },
});

/** Deliveries reveal events, so they need `events:read` too. */
export function requireReader(client: Client): void {
  if (hasScope(client, 'events:read')) return;
  throw new Problem(
    'insufficient-scope',
    'Deliveries also need the scope events:read. Ask the platform team to grant it.',
  );
}

async function endpointOfClient(
  endpoints: EndpointStore,
  client: Client,
  id: string,
): Promise<EndpointRow> {
  const row = await endpoints.find(client, id);
  if (!row) throw endpointNotFound();
  return row;
}

/** @throws Problem if nothing was written */
function requireWritten(written: Written): EndpointRow {
  if (typeof written === 'object') return written.endpoint;
  throw notWritten(written);
}

function notWritten(why: Exclude<Written, object>): Problem {
  switch (why) {
    case 'not-found':
      return endpointNotFound();
    case 'duplicate':
      return new Problem('duplicate-endpoint', 'The client has an endpoint with this URL already.');
    case 'limit':
      return new Problem(
        'too-many-endpoints',
        `A client may have ${MAX_ENDPOINTS} webhook endpoints; delete one that is no longer needed.`,
      );
    case 'client-deleted':
      return new Problem('unauthenticated', 'The client was deleted.');
  }
}

function replayOf({ event_id, since, until, after }: In<'replayWebhookEvents'>['body']): ReplayOf {
  if (event_id !== undefined) return { eventId: event_id };
  return { isMissed: since === undefined, since, until, after };
}

const auditOf = (
  actor: Actor,
  id: string,
  details: Readonly<Record<string, unknown>> = {},
): AuditRow => ({ actor, outcome: 'succeeded', details: { ...details, webhook_endpoint: id } });

/** Audit rows hold only the origin: the rest of the URL may contain a secret of the client. */
const originOf = (url: string): string => new URL(url).origin;

const reply = (row: EndpointRow, secret = '') => ({
  object: 'webhook_endpoint' as const,
  id: row.id,
  endpoint_url: row.endpointUrl,
  secret,
  status: row.status,
  events: [...row.events],
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

const delivery = (row: AttemptRow) => ({
  object: 'webhook_delivery' as const,
  id: row.id,
  event_id: row.eventId,
  at: row.at.toISOString(),
  status: row.status,
  duration_ms: row.durationMs,
  outcome: row.outcome,
});
