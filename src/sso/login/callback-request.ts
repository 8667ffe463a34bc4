import type { Actor } from '../../core/identity.ts';

/** What comes back from WorkOS, in which browser. */
export interface CallbackRequest {
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  readonly actor: Actor;
}
