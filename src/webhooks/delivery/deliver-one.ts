import type { Job } from '../../db/jobs.ts';
import type { AppliedEvent } from '../../events/inbox/event.ts';
import type { SecretEncryption } from '../../core/encryption.ts';
import type { Secret } from '../../core/secret.ts';
import type { Message } from '../due-message-store.ts';
import type { MessageStore, Next } from '../messages-store.ts';
import { retryAfter } from './retry-schedule.ts';
import type { Attempt } from '../attempt.ts';
import { createTracedSend } from './traced-send.ts';
import type { WebhookSender } from './sender.ts';
import { signedHeaders } from '../signatures.ts';
import type { DeliveryJob } from '../delivery-jobs.ts';

export interface DeliverDeps {
  readonly messages: MessageStore;
  readonly encryption: SecretEncryption;
  readonly sender: WebhookSender;
  /** Translates an event for clients. */
  readonly toClientEvent: (event: AppliedEvent) => object;
  /** Seconds between attempts. Default: `RETRY_AFTER_SECONDS`. */
  readonly schedule?: readonly number[];
}

export type Deliver = (job: Job<DeliveryJob>) => Promise<Attempt | undefined>;

/**
 * Makes one attempt. Reads the client's permission, the endpoint's state and its secrets first, and
 * signs the current time. The next state is stored together with the attempt; if that fails, the job
 * runs again and may deliver again under the same id.
 *
 * @returns undefined if nothing was sent, because the delivery is no longer due
 */
export const createDeliver = ({
  messages,
  encryption,
  sender,
  toClientEvent,
  schedule,
}: DeliverDeps): Deliver => {
  const send = createTracedSend(sender);
  return async (job) => {
    const message = await messages.find(job.data);
    if (!message) {
      await messages.drop(job);
      return undefined;
    }
    if (!message.isAllowed || !message.isEnabled) {
      await messages.record(job, undefined, { state: 'failed' });
      return undefined;
    }
    const opened = openSecrets(message, encryption);
    if (!opened) return setAside(messages, job);
    const body = JSON.stringify(toClientEvent(message.event));
    const secrets = alternating(opened, job.data.attempt);
    const signed = signedHeaders({ id: message.event.id, body }, secrets, message.now);
    const attempt = await send(message, job.data, { ...HEADERS, ...signed }, body);
    const { endpointUpdatedAt } = message;
    const next = nextOf(attempt, job.data.attempt, schedule);
    await messages.record(job, { ...attempt, endpointUpdatedAt }, next);
    return attempt;
  };
};

const HEADERS = { 'content-type': 'application/json', 'user-agent': 'gatehouse' };

/** Undefined if the current secret cannot be decrypted: the former ones alone would not verify. */
function openSecrets({ secrets }: Message, encryption: SecretEncryption): Secret[] | undefined {
  const [current, ...former] = secrets.map((sealed) => encryption.decrypt(sealed));
  return current && [current, ...former.filter((secret) => secret !== undefined)];
}

/** Another worker may have the key already; after that an operator or a rotated secret has to help. */
const ASIDE_SECONDS = { first: 30, then: 600 };

async function setAside(messages: MessageStore, job: Job<DeliveryJob>): Promise<Attempt> {
  const attempt = { outcome: 'secret_unreadable', status: null, durationMs: 0 } as const;
  const { first, then } = ASIDE_SECONDS;
  const seconds = (job.data.aside ? then : first) * (0.75 + Math.random() / 2);
  await messages.setAside(job, attempt, Math.round(seconds));
  return attempt;
}

/**
 * Rotates which secret comes first: the oldest at the first attempt, the newest at the second. WorkOS's
 * SDKs read only the first signature, so a receiver that knows one of n secrets verifies every n-th
 * attempt.
 */
function alternating(secrets: readonly Secret[], attempt: number): Secret[] {
  const first = (secrets.length - 1 + attempt) % secrets.length;
  return [...secrets.slice(first), ...secrets.slice(0, first)];
}

function nextOf({ outcome }: Attempt, attempt: number, schedule?: readonly number[]): Next {
  if (outcome === 'delivered') return { state: 'delivered' };
  const afterSeconds = outcome === 'gone' ? undefined : retryAfter(attempt, schedule);
  return afterSeconds === undefined ? { state: 'failed' } : { state: 'pending', afterSeconds };
}
