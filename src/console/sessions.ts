import { randomBytes, randomUUID } from 'node:crypto';
import type { Actor } from '../core/identity.ts';
import { Secret } from '../core/secret.ts';
import { sha256 } from '../core/sha256.ts';
import type { Session, SessionStore } from './session-store.ts';

/** 256 random bits as base64url. */
const SECRET = /^[\w-]{43}$/;

/** False for a value that cannot be the cookie of a session. */
export const isToken = (value: string): boolean => SECRET.test(value);

const newSecret = (): Secret => new Secret(randomBytes(32).toString('base64url'));

/** A name for the audit trail, which operators choose themselves. */
export const OPERATOR = /^[\x21-\x7e]{1,64}$/;

/** The actor of what an operator does in the console. The absence of a client marks the platform team. */
export const actorOf = (operator: string, operation: string): Actor => ({
  client: undefined,
  user: { id: `console:${operator}`, tenantId: undefined, roles: [], source: 'asserted' },
  requestId: randomUUID(),
  operation,
});

export interface SignInLink {
  /** The session that the link begins. */
  readonly id: string;
  readonly secret: Secret;
  readonly expiresAt: Date;
}

/** Makes a link that signs one browser in. @param actor who made it */
export async function makeLink(
  store: SessionStore,
  operator: string,
  actor: Actor,
): Promise<SignInLink> {
  const id = `cs_${randomUUID().replaceAll('-', '')}`;
  const secret = newSecret();
  const details = { session: id, operator };
  const audit = { actor, outcome: 'succeeded', details } as const;
  const expiresAt = await store.add(id, operator, sha256(secret.reveal()), audit);
  return { id, secret, expiresAt };
}

export type Sessions = ReturnType<typeof createSessions>;

/** Sign-in of browsers. A text that cannot be one of our secrets costs no query. */
export const createSessions = (store: SessionStore) => ({
  /** Returns the operator of a link that can still be used. */
  async operatorOf(link: string): Promise<string | undefined> {
    return SECRET.test(link) ? store.operatorOf(sha256(link)) : undefined;
  },

  /** Uses the link. @returns the value for the browser's cookie, or undefined if the link cannot be used */
  async open(link: string): Promise<Secret | undefined> {
    if (!SECRET.test(link)) return undefined;
    const token = newSecret();
    const session = await store.open(sha256(link), sha256(token.reveal()), ({ id, operator }) => ({
      actor: actorOf(operator, 'console sign-in'),
      outcome: 'succeeded',
      details: { session: id },
    }));
    return session && token;
  },

  async find(token: string): Promise<Session | undefined> {
    return isToken(token) ? store.find(sha256(token)) : undefined;
  },

  async end({ id, operator }: Session): Promise<void> {
    const actor = actorOf(operator, 'console sign-out');
    await store.end(id, { actor, outcome: 'succeeded' });
  },
});

/** The value that every form of a session carries, so that no other site can send one. Does not reveal the cookie. */
export const formTokenOf = (token: string): string => sha256(`form ${token}`).toString('base64url');
