/** Lists the receivers of webhooks, which an option or a control adds. */
import { createHash } from 'node:crypto';
import { listReply } from '../http/listing.ts';
import type { ApiRequest, Operation, Reply } from '../http/operation.ts';
import { timestamps, type World } from '../state/world.ts';
import type { WebhookEndpoint } from './webhook-attempts.ts';

export const webhookEndpointOperations: readonly Operation[] = [
  { method: 'GET', path: '/webhook_endpoints', perform: list },
];

function list(request: ApiRequest, world: World): Reply {
  const endpoints = world.feed.endpoints().map((endpoint) => toWire(endpoint, world));
  return listReply(endpoints, request);
}

const toWire = ({ url, secret, events = [] }: WebhookEndpoint, world: World) => ({
  object: 'webhook_endpoint',
  id: `we_${createHash('sha256').update(url).digest('hex').slice(0, 26).toUpperCase()}`,
  endpoint_url: url,
  secret,
  status: 'enabled',
  events,
  ...timestamps(world),
});
