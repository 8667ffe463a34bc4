import { strictJson } from '../http/json-body.ts';
import type { Secret } from '../secret.ts';
import { toEvent } from './incoming.ts';
import { createSignatureCheck } from './signature.ts';
import type { Inbox } from './store.ts';

export interface WebhookDoorDeps {
  readonly secrets: readonly Secret[];
  readonly inbox: Inbox;
}

export interface WebhookDoor {
  /**
   * Stores what WorkOS delivers; resolves once it is durable. Nothing is parsed, let alone stored,
   * that was not signed.
   *
   * @throws Problem `invalid-signature`, `malformed-request`, `invalid-request`
   */
  receive(signature: string | undefined, body: Buffer): Promise<void>;
}

export function createWebhookDoor({ secrets, inbox }: WebhookDoorDeps): WebhookDoor {
  const requireSigned = createSignatureCheck(secrets);
  return {
    async receive(signature, body) {
      requireSigned(signature, body);
      await inbox.add(toEvent(strictJson(body).value));
    },
  };
}
