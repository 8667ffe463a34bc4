import type { Client } from '../../core/identity.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import { callbackUrl } from '../protocol/browser-flow.ts';
import {
  LINK_MARGIN_SECONDS,
  LONGEST_LINK_SECONDS,
  sealedClient,
  type MagicLink,
  type MagicState,
} from '../protocol/flow.ts';

/** A login by magic link, before the link is sent. */
export interface MagicLinkLogin extends MagicLink {
  readonly client: Client;
  readonly redirectUri: string;
  /** The client's own `state`, returned with the code. */
  readonly state?: string | undefined;
}

export interface MagicLinks {
  readonly redirectUri: string;
  /** Returns the `state` to send to WorkOS. Any browser may bring it back. @param seconds lifetime of the link */
  stateOf(login: MagicLinkLogin, seconds: number): string;
}

/** Magic links lead to the same callback as every login, but with a sealed state of another kind. */
export const createMagicLinks = (sealer: TokenSealer, publicUrl: string): MagicLinks => ({
  redirectUri: callbackUrl(publicUrl),
  stateOf({ client, redirectUri, state, email, connection }, seconds) {
    const magic: MagicState = {
      ...sealedClient(client),
      redirectUri,
      selector: { magicLink: { email, connection } },
      state,
    };
    const life = Math.min(seconds, LONGEST_LINK_SECONDS) + LINK_MARGIN_SECONDS;
    return sealer.seal('magic', magic, life);
  },
});
