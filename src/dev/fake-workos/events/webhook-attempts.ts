/** Signs and posts webhook deliveries, and records the outcome of every attempt. */
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkosEvent } from '../state/events.ts';

export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
  /** Names of the events to send. Undefined: all. */
  readonly events?: readonly string[];
}

/** One attempt, or one simulated loss. */
export interface WebhookDelivery {
  readonly eventId: string;
  readonly event: string;
  readonly url: string;
  /** 1 is the first attempt; 0 is a delivery that was lost before it was attempted. */
  readonly attempt: number;
  /** Undefined when there was no response. */
  readonly status: number | undefined;
}

/** One event for one endpoint. */
export interface PendingDelivery {
  readonly event: WorkosEvent;
  readonly endpoint: WebhookEndpoint;
}

export interface AttemptOptions {
  readonly now: () => Date;
  /** Pause before each retry, in milliseconds. */
  readonly retriesMs: readonly number[];
}

export interface Attempts {
  /** Oldest first. */
  readonly deliveries: readonly WebhookDelivery[];
  recordLoss(delivery: PendingDelivery): void;
  /** Makes the first attempt. Resolves to true on a 2xx. Every attempt has a new signature. */
  first(delivery: PendingDelivery): Promise<boolean>;
  /** Retries until a 2xx or the last retry. @throws AbortError */
  retry(delivery: PendingDelivery): Promise<void>;
}

const ATTEMPT_TIMEOUT_MS = 10_000;
const MAX_RECORDS = 20_000;

export function createAttempts(
  { now, retriesMs }: AttemptOptions,
  stopping: AbortSignal,
): Attempts {
  const deliveries: WebhookDelivery[] = [];
  const record = (
    { event, endpoint: { url } }: PendingDelivery,
    attempt: number,
    status?: number,
  ) => {
    deliveries.push({ eventId: event.id, event: event.event, url, attempt, status });
    if (deliveries.length > MAX_RECORDS) deliveries.shift();
  };
  const attemptDelivery = async (delivery: PendingDelivery, attempt: number): Promise<boolean> => {
    const status = await post(delivery, now().getTime(), stopping);
    record(delivery, attempt, status);
    return status !== undefined && status >= 200 && status < 300;
  };
  return {
    deliveries,
    recordLoss: (delivery) => record(delivery, 0),
    first: (delivery) => attemptDelivery(delivery, 1),
    async retry(delivery) {
      for (const [index, ms] of retriesMs.entries()) {
        await pause(ms, undefined, { signal: stopping });
        if (await attemptDelivery(delivery, index + 2)) return;
      }
    },
  };
}

/** Resolves to the response status, or undefined when there was no response in time. */
async function post(
  { event, endpoint }: PendingDelivery,
  timestamp: number,
  stopping: AbortSignal,
): Promise<number | undefined> {
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      ...webhookRequest(event, endpoint.secret, timestamp),
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A signed request as WorkOS sends it. @param timestamp milliseconds since 1970; default now */
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
