import { strictJson } from '../../http/json-body.ts';
import { Problem } from '../../core/problem.ts';
import type { Secret } from '../../core/secret.ts';
import type { IncomingEvent } from '../inbox/event.ts';
import { idOf, toEvent, whyUnreadable } from './read-event.ts';
import type { Unreadable } from '../inbox/parked-store.ts';
import { createSignatureCheck } from './signature.ts';
import type { Inbox } from '../inbox/store.ts';

export interface WebhookReceiverDeps {
  readonly secrets: readonly Secret[];
  readonly inbox: Inbox;
  /** Resolves once it is durable. */
  readonly setAside: (unreadable: Unreadable) => Promise<void>;
}

export interface WebhookReceiver {
  /**
   * Stores what WorkOS delivers; resolves once it is durable. Nothing is parsed, let alone stored,
   * that was not signed. What was signed and is no event is set aside: WorkOS would only send the
   * same again.
   *
   * @throws Problem `invalid-signature`, or `malformed-request` for what is not even JSON
   */
  receive(signature: string | undefined, body: Buffer): Promise<void>;
}

export function createWebhookReceiver({
  secrets,
  inbox,
  setAside,
}: WebhookReceiverDeps): WebhookReceiver {
  const requireSigned = createSignatureCheck(secrets);
  return {
    async receive(signature, body) {
      requireSigned(signature, body);
      const { event, refusal } = read(body);
      if (event) return inbox.add(event);
      const reason = whyUnreadable(refusal);
      await setAside({ source: 'webhook', id: idIn(body), reason, raw: body });
      if (refusal?.slug === 'malformed-request') throw refusal;
    },
  };
}

function read(body: Buffer): { readonly event?: IncomingEvent; readonly refusal?: Problem } {
  try {
    return { event: toEvent(strictJson(body).value) };
  } catch (error) {
    if (error instanceof Problem) return { refusal: error };
    throw error;
  }
}

/** Undefined when it is not JSON, or has no usable id. */
function idIn(body: Buffer): string | undefined {
  try {
    return idOf(strictJson(body).value);
  } catch {
    // The delivery is kept as unreadable, with its body.
    return undefined;
  }
}
