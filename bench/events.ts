/** Events as WorkOS delivers them, each about a connection of one of the bench's tenants. */
import { createHmac } from 'node:crypto';
import type { LoadRequest } from './load.ts';

/** The gateway's and stock Express's `WORKOS_WEBHOOK_SECRETS`. */
export const WEBHOOK_SECRET = 'the-secret-of-the-bench';

export const EVENT_NAME = 'connection.activated';

/** @param i makes its id */
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

/** A delivery of WorkOS, signed now. */
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
