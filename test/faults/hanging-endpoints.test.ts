/** Endpoints that never answer delay only their own client's deliveries. */
import { beforeEach, expect, it } from '@jest/globals';
import {
  activated,
  deliver,
  endpoint,
  gatehouse,
  happen,
  receiver,
  useDeliveries,
} from '../webhooks/deliveries-setup.ts';
import type { IncomingEvent } from '../../src/events/inbox/event.ts';
import { waitFor } from '../support/wait-for.ts';
import { within } from '../support/within.ts';

useDeliveries();

const CLIENTS = 6;
const ENDPOINTS = 20;
const fields = { scopes: ['events:read', 'webhooks:write'] as const, tenants: ['acme'] };
const newClient = () => gatehouse.createClient({ ...fields, scopes: [...fields.scopes] });

beforeEach(() => {
  receiver.answer = ({ path }, res) => {
    if (path === '/healthy') res.end();
  };
});

const delivered = ({ id }: IncomingEvent) =>
  receiver.on('/healthy').find(({ body }) => body.includes(`"${id}"`))?.at;

it(`${CLIENTS} clients with ${ENDPOINTS} hanging endpoints each do not delay another client`, async () => {
  for (let n = 0; n < CLIENTS; n += 1) {
    const by = await newClient();
    for (let path = 0; path < ENDPOINTS; path += 1) await endpoint(`/hang/${n}/${path}`, { by });
  }
  await endpoint('/healthy', { by: await newClient() });
  deliver();

  const delays: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    const event = activated();
    const at = Date.now();
    await happen(event);
    await waitFor(() => delivered(event) !== undefined, { what: 'the delivery', withinMs: 60_000 });
    delays.push((delivered(event) ?? 0) - at);
  }

  expect(Math.max(...delays)).toBeLessThan(within(3_000));
});
