import type { Actor } from '../../core/identity.ts';

/** A request to the callback, with the cookie of its browser. */
export interface CallbackRequest {
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  readonly actor: Actor;
}
