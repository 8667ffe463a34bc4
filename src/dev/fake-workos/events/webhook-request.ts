/** A delivery as WorkOS makes it. */
import { createHmac } from 'node:crypto';
import type { WorkosEvent } from '../state/events.ts';

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @param timestamp milliseconds since 1970; default now */
export function webhookRequest(
  { id, event, data, created_at }: Omit<WorkosEvent, 'object'>,
  secret: string,
  timestamp = Date.now(),
): WebhookRequest {
  const body = JSON.stringify({ id, event, data, created_at });
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'workos-signature': `t=${timestamp}, v1=${webhookSignature(body, secret, timestamp)}`,
    },
  };
}

export const webhookSignature = (body: string, secret: string, timestamp: number): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
