/** Posting one event to one endpoint, and what came of it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkosEvent } from '../state/events.ts';
import { webhookRequest } from './webhook-request.ts';

export interface WebhookEndpoint {
  readonly url: string;
  readonly secret: string;
  /** Names of the events that it wants. Undefined: all. */
  readonly events?: readonly string[];
}

/** One attempt, or one that was lost before it was made. */
export interface WebhookDelivery {
  readonly eventId: string;
  readonly event: string;
  readonly url: string;
  /** 1 is the first; 0 is none: the delivery was lost. */
  readonly attempt: number;
  /** Undefined: nobody answered. */
  readonly status: number | undefined;
}

/** One event on its way to one endpoint. */
export interface Errand {
  readonly event: WorkosEvent;
  readonly endpoint: WebhookEndpoint;
}

export interface AttemptOptions {
  readonly now: () => Date;
  /** How long to wait before each new try, in milliseconds. */
  readonly retriesMs: readonly number[];
}

export interface Attempts {
  /** Oldest first. */
  readonly deliveries: readonly WebhookDelivery[];
  lose(errand: Errand): void;
  /** Whether the answer to the first attempt is a 2xx. Each attempt is signed anew. */
  first(errand: Errand): Promise<boolean>;
  /** Tries again until the answer is a 2xx or no new try is left. @throws AbortError */
  again(errand: Errand): Promise<void>;
}

const ATTEMPT_MS = 10_000;
const KEPT = 20_000;

export function createAttempts(
  { now, retriesMs }: AttemptOptions,
  stopping: AbortSignal,
): Attempts {
  const deliveries: WebhookDelivery[] = [];
  const record = ({ event, endpoint: { url } }: Errand, attempt: number, status?: number) => {
    deliveries.push({ eventId: event.id, event: event.event, url, attempt, status });
    if (deliveries.length > KEPT) deliveries.shift();
  };
  const isAccepted = async (errand: Errand, attempt: number): Promise<boolean> => {
    const status = await post(errand, now().getTime(), stopping);
    record(errand, attempt, status);
    return status !== undefined && status >= 200 && status < 300;
  };
  return {
    deliveries,
    lose: (errand) => record(errand, 0),
    first: (errand) => isAccepted(errand, 1),
    async again(errand) {
      for (const [index, ms] of retriesMs.entries()) {
        await pause(ms, undefined, { signal: stopping });
        if (await isAccepted(errand, index + 2)) return;
      }
    },
  };
}

/** @returns the status; undefined: nobody answered in time */
async function post(
  { event, endpoint }: Errand,
  timestamp: number,
  stopping: AbortSignal,
): Promise<number | undefined> {
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      ...webhookRequest(event, endpoint.secret, timestamp),
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(ATTEMPT_MS)]),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return undefined;
  }
}
