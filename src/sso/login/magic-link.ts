import type { Client } from '../../core/identity.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import {
  LINK_MARGIN_SECONDS,
  LONGEST_LINK_SECONDS,
  sealedClient,
  type MagicLink,
  type MagicState,
} from '../protocol/flow.ts';

/** A login to be, by a link that is sent to somebody. */
export interface MagicLogin extends MagicLink {
  readonly client: Client;
  readonly redirectUri: string;
  /** The sibling's own, which comes back with the code. */
  readonly state?: string | undefined;
}

export interface MagicLinks {
  /** The redirect URI that is sent to WorkOS. */
  readonly redirectUri: string;
  /** The `state` to give to WorkOS; whoever brings it back may be any browser. @param seconds how long the link is good for */
  stateOf(login: MagicLogin, seconds: number): string;
}

/** Magic links come back to the same callback as every login, with a state of a kind of its own. */
export const createMagicLinks = (sealer: TokenSealer, publicUrl: string): MagicLinks => ({
  redirectUri: `${publicUrl}/sso/callback`,
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
