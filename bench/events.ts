/** Creates events as WorkOS delivers them, each about a connection of a bench tenant. */
import { createHmac } from 'node:crypto';
import type { LoadRequest } from './load.ts';

/** `WORKOS_WEBHOOK_SECRETS` of the gateway and of stock Express. */
export const WEBHOOK_SECRET = 'the-secret-of-the-bench';

export const EVENT_NAME = 'connection.activated';

/** @param i index that the event id is derived from */
export function connectionEvent(i: number, organizationId: string) {
  const now = new Date().toISOString();
  return {
    object: 'event',
    id: `event_${String(i).padStart(26, '0')}`,
    event: EVENT_NAME,
    created_at: now,
    data: {
      object: 'connection',
      id: `conn_${organizationId.slice('org_'.length)}`,
      organization_id: organizationId,
      connection_type: 'OktaSAML',
      name: 'Okta of the tenant’s headquarters',
      state: 'active',
      status: 'linked',
      external_key: 'DtPVdXMlAE6mGb8gFvMUoC7Mc',
      domains: [
        { object: 'connection_domain', id: `conn_domain_${i}`, domain: 'tenant.example.com' },
      ],
      created_at: now,
      updated_at: now,
    },
    context: {},
  };
}

export type BenchEvent = ReturnType<typeof connectionEvent>;

/** A webhook delivery, signed with the current time. */
export function delivery(event: object): LoadRequest {
  const body = JSON.stringify(event);
  const t = Date.now();
  const v1 = createHmac('sha256', WEBHOOK_SECRET).update(`${t}.${body}`).digest('hex');
  return {
    path: '/webhooks/workos',
    method: 'POST',
    headers: { 'content-type': 'application/json', 'workos-signature': `t=${t}, v1=${v1}` },
    body,
  };
}
