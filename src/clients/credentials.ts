import { randomBytes, timingSafeEqual } from 'node:crypto';
import { CredentialRefused } from '../auth/credential-refused.ts';
import type { Identify } from '../auth/strategies.ts';
import type { VerifyToken } from '../auth/token-verifier.ts';
import type { Client } from '../core/identity.ts';
import { sha256 } from '../core/sha256.ts';
import { API_KEY } from '../core/wire-ids.ts';
import { createTtlCache } from '../core/ttl-cache.ts';
import type { ClientStore, StoredKey } from './store.ts';

const NO_KEY = Buffer.alloc(32);
/** The subjects a client can be registered with. Others match no client, and Postgres cannot search for NUL. */
export const TOKEN_SUBJECT = /^[\x20-\x7e]{1,255}$/;
const TOUCH_EVERY_MS = 60_000;

export interface NewApiKey {
  readonly id: string;
  /** Shown once. */
  readonly key: string;
  readonly sha256: Buffer;
}

export function makeApiKey(): NewApiKey {
  const id = randomBytes(12).reduce((text, byte) => text + (byte % 36).toString(36), '');
  const key = `gh_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, key, sha256: sha256(key) };
}

export interface ClientCredentials {
  readonly byKey: Identify<Client>;
  readonly byToken: Identify<Client>;
  /** Clears the cache, because a client or key has changed. */
  forget(): void;
  /** Stores when keys were last used. */
  flush(): Promise<void>;
}

/** Resolves a credential to its client. A revocation takes effect within a second. */
export function createClientCredentials(
  store: ClientStore,
  verify: VerifyToken | undefined,
): ClientCredentials {
  const keys = createTtlCache({ max: 10_000, load: store.keyById });
  const tokens = createTtlCache({ max: 10_000, load: store.byToken });
  const usage = createUsage(store);

  return {
    async byKey(credential) {
      const id = API_KEY.exec(credential)?.[1];
      if (id === undefined) throw new CredentialRefused('the API key is malformed');
      const stored = await keys.get(id);
      // Compared even for an unknown key, so that the response time does not reveal whether it exists.
      const matches = timingSafeEqual(sha256(credential), stored?.sha256 ?? NO_KEY);
      if (!stored) throw new CredentialRefused('the API key is unknown');
      if (!matches) throw new CredentialRefused('the secret of the API key is wrong');
      requireLive(stored);
      usage.note(id);
      return stored.client;
    },

    async byToken(credential) {
      if (!verify) throw new CredentialRefused('no issuer of client tokens is configured');
      const client = await tokens.get(await subjectOf(verify, credential));
      if (!client) throw new CredentialRefused('no client has this issuer and subject');
      if (client.disabled) throw new CredentialRefused('the client is disabled');
      return client;
    },

    forget() {
      keys.clear();
      tokens.clear();
    },
    flush: usage.flush,
  };
}

/** @throws CredentialRefused */
function requireLive({ expires, revokedAt, client }: StoredKey): void {
  if (revokedAt !== null) throw new CredentialRefused('the API key was revoked');
  if (expires !== null && expires <= performance.now())
    throw new CredentialRefused('the API key has expired');
  if (client.disabled) throw new CredentialRefused('the client is disabled');
}

/** @returns issuer and subject, a line each @throws CredentialRefused */
async function subjectOf(verify: VerifyToken, token: string): Promise<string> {
  const { iss = '', sub = '' } = await verify(token);
  if (!TOKEN_SUBJECT.test(sub)) throw new CredentialRefused('the claim sub is not a subject');
  return `${iss}\n${sub}`;
}

/** Key ids used since the last flush; each key is written at most once a minute. */
function createUsage(store: ClientStore) {
  const used = new Set<string>();
  const written = new Map<string, number>();
  return {
    note(id: string): void {
      if (performance.now() - (written.get(id) ?? -Infinity) > TOUCH_EVERY_MS) used.add(id);
    },
    async flush(): Promise<void> {
      if (used.size === 0) return;
      const ids = [...used];
      used.clear();
      await store.touchKeys(ids);
      if (written.size > 10_000) written.clear();
      for (const id of ids) written.set(id, performance.now());
    },
  };
}
