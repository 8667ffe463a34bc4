import { hash } from 'node:crypto';
import type { Client } from '../identity.ts';

/** How long a login may take, from the first redirect until WorkOS leads back. */
export const FLOW_SECONDS = 600;

/** A login by a link that was sent to this address. */
export interface MagicLink {
  readonly email: string;
  /** Undefined: whichever WorkOS finds. */
  readonly connection?: string | undefined;
}

/** What a login is for: exactly one of these. */
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
  /** Of our PKCE towards WorkOS. */
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
