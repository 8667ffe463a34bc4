import { hash } from 'node:crypto';
import type { Client } from '../../core/identity.ts';
import { CLOCK_SKEW_SECONDS } from '../../core/encryption.ts';

/** How long a login may take, from the first redirect until WorkOS leads back. */
export const FLOW_SECONDS = 600;

/** How long the code is good that the sibling gets. */
export const CODE_SECONDS = 600;

/** How long a magic link may be good; WorkOS allows no more. */
export const LONGEST_LINK_SECONDS = 86_400;

/** How long a user may take at the identity provider once a magic link is followed. */
export const LINK_MARGIN_SECONDS = 600;

/**
 * How long a spent code is remembered: until the state that lives longest, and the code made with
 * it, have expired by every replica's clock. No state of that time can carry the code again.
 */
export const SPENT_SECONDS =
  LONGEST_LINK_SECONDS + LINK_MARGIN_SECONDS + CODE_SECONDS + 2 * CLOCK_SKEW_SECONDS;

/** A login by a link that was sent to this address. */
export interface MagicLink {
  readonly email: string;
  /** Undefined: whichever WorkOS finds. */
  readonly connection?: string | undefined;
}

/** The target of a login: exactly one of these. */
export type Selector =
  | { readonly organization: string }
  | { readonly connection: string }
  | { readonly provider: string }
  | { readonly magicLink: MagicLink };

/** Names a client in what is sealed, and not a later one with the same id. */
export interface SealedClient {
  readonly client: string;
  /** Undefined: sealed by a release that kept none. It is good until it expires. */
  readonly generation?: string | undefined;
}

export const sealedClient = ({ id, generation }: Client): SealedClient => ({
  client: id,
  generation,
});

export const isSealedClient = (client: Client, sealed: SealedClient): boolean =>
  sealed.client === client.id && (sealed.generation ?? client.generation) === client.generation;

/** Sealed into `state`, on its way through WorkOS. Nothing secret to the browser is in it. */
export interface FlowState extends SealedClient {
  /** Binds it to one cookie of one browser. */
  readonly flow: string;
  readonly redirectUri: string;
  readonly selector: Selector;
  /** The sibling's own state. */
  readonly state?: string | undefined;
  /** The sibling's PKCE challenge. */
  readonly challenge?: string | undefined;
}

/** Sealed into the `state` of a magic link, which may be opened in any browser. */
export type MagicState = Omit<FlowState, 'flow' | 'challenge'>;

/** Sealed into the cookie. */
export interface FlowSecret {
  readonly flow: string;
  /** Our PKCE code verifier for WorkOS. */
  readonly verifier: string;
}

/** Sealed into the code that the sibling gets. */
export interface SealedCode extends SealedClient {
  /** WorkOS's code. */
  readonly code: string;
  /** Undefined: a magic link, which WorkOS has no PKCE for. */
  readonly verifier?: string | undefined;
  readonly redirectUri: string;
  readonly selector: Selector;
  readonly challenge?: string | undefined;
  /** When the login began, in seconds since 1970. Undefined: sealed by a release that did not say. */
  readonly begunAt?: number;
}

/** RFC 7636 §4.2, S256. */
export const challengeOf = (verifier: string): string => hash('sha256', verifier, 'base64url');

/** To the letter (RFC 9700 §2.1): no prefix, no wildcard, no normalisation. */
export const isRegistered = (client: Client, redirectUri: string): boolean =>
  client.redirectUris.includes(redirectUri);

/** Adds parameters to a redirect URI as it was registered, keeping what it has. */
export function withParameters(
  redirectUri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(given).toString()}`;
}
