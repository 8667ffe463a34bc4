import { hash } from 'node:crypto';
import type { Client } from '../../core/identity.ts';
import { CLOCK_SKEW_SECONDS } from '../../core/encryption.ts';

/** Timeout of a login: from the first redirect until WorkOS redirects back. */
export const FLOW_SECONDS = 600;

/** Lifetime of the authorization code that the client gets. */
export const CODE_SECONDS = 600;

/** Maximum lifetime of a magic link; WorkOS allows no more. */
export const LONGEST_LINK_SECONDS = 86_400;

/** Time for the user to sign in at the identity provider after following a magic link. */
export const LINK_MARGIN_SECONDS = 600;

/**
 * How long a spent code is remembered: until the longest-lived state, and a code made with it, have
 * expired by every replica's clock. After that, no state can carry the code again.
 */
export const SPENT_SECONDS =
  LONGEST_LINK_SECONDS + LINK_MARGIN_SECONDS + CODE_SECONDS + 2 * CLOCK_SKEW_SECONDS;

/** A login by a link that is sent to an e-mail address. */
export interface MagicLink {
  readonly email: string;
  /** Undefined when WorkOS chooses the connection. */
  readonly connection?: string | undefined;
}

/** The target of a login: exactly one of these. */
export type LoginTarget =
  | { readonly organization: string }
  | { readonly connection: string }
  | { readonly provider: string }
  | { readonly magicLink: MagicLink };

/** Identifies a client in sealed data. A later client with the same id does not match. */
export interface SealedClient {
  readonly client: string;
  /** Undefined if sealed by a release without generations; then any generation matches. */
  readonly generation?: string | undefined;
}

export const sealedClient = ({ id, generation }: Client): SealedClient => ({
  client: id,
  generation,
});

export const isSealedClient = (client: Client, sealed: SealedClient): boolean =>
  sealed.client === client.id && (sealed.generation ?? client.generation) === client.generation;

/** Sealed into the `state` sent to WorkOS. The browser may know all of it. */
export interface FlowState extends SealedClient {
  /** Binds the state to one cookie of one browser. */
  readonly flow: string;
  readonly redirectUri: string;
  /** The login target. The name stays: states of earlier releases have it. */
  readonly selector: LoginTarget;
  /** The client's own `state`. */
  readonly state?: string | undefined;
  /** The client's PKCE challenge. */
  readonly challenge?: string | undefined;
}

/** Sealed into the `state` of a magic link, which any browser may open. */
export type MagicState = Omit<FlowState, 'flow' | 'challenge'>;

/** Sealed into the cookie. */
export interface FlowSecret {
  readonly flow: string;
  /** Our PKCE code verifier for WorkOS. */
  readonly verifier: string;
}

/** Sealed into the authorization code that the client gets. */
export interface SealedCode extends SealedClient {
  /** WorkOS's code. */
  readonly code: string;
  /** Undefined for a magic link, because WorkOS has no PKCE for these. */
  readonly verifier?: string | undefined;
  readonly redirectUri: string;
  readonly selector: LoginTarget;
  readonly challenge?: string | undefined;
  /** Start of the login, in seconds since 1970. Undefined if sealed by a release without it. */
  readonly begunAt?: number;
}

/** RFC 7636 §4.2, S256. */
export const challengeOf = (verifier: string): string => hash('sha256', verifier, 'base64url');

/** Adds parameters to a registered redirect URI and keeps the ones it has. */
export function withParameters(
  redirectUri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${new URLSearchParams(given).toString()}`;
}
