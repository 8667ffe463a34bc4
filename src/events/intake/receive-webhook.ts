import { strictJson } from '../../http/strict-json.ts';
import { Problem } from '../../core/problem.ts';
import type { Secret } from '../../core/secret.ts';
import type { IncomingEvent } from '../inbox/event.ts';
import { idOf, toEvent, unreadableReason } from './read-event.ts';
import type { Unreadable } from '../inbox/parked-store.ts';
import { createSignatureCheck } from './signature.ts';
import type { Inbox } from '../inbox/store.ts';

export interface WebhookReceiverDeps {
  readonly secrets: readonly Secret[];
  readonly inbox: Inbox;
  /** Stores a delivery that is no valid event; resolves once it is durable. */
  readonly setAside: (unreadable: Unreadable) => Promise<void>;
}

export interface WebhookReceiver {
  /** Checks all of a signature that needs no body. @throws Problem `invalid-signature` */
  requireSignature(signature: string | undefined): void;
  /**
   * Stores a delivery of WorkOS; resolves once it is durable. The signature is checked before
   * anything is parsed. A signed delivery that is no valid event is set aside, because a retry by
   * WorkOS would bring the same again.
   *
   * @throws Problem `invalid-signature`, or `malformed-request` if the body is not JSON
   */
  receive(signature: string | undefined, body: Buffer): Promise<void>;
}

export function createWebhookReceiver({
  secrets,
  inbox,
  setAside,
}: WebhookReceiverDeps): WebhookReceiver {
  const { requireCurrent, requireSigned } = createSignatureCheck(secrets);
  return {
    requireSignature: (signature) => {
      requireCurrent(signature);
    },
    async receive(signature, body) {
      requireSigned(signature, body);
      const { event, refusal } = read(body);
      if (event) return inbox.add(event);
      const reason = unreadableReason(refusal);
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

/** Returns undefined if the body is not JSON, or has no usable id. */
function idIn(body: Buffer): string | undefined {
  try {
    return idOf(strictJson(body).value);
  } catch {
    // The delivery is stored as unreadable, with its body.
    return undefined;
  }
}
