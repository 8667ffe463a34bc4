import { randomBytes } from 'node:crypto';
import { Secret } from '../../core/secret.ts';
import { sha256 } from '../../core/sha256.ts';

/** A bearer secret. The database stores only its SHA-256. */
export interface Token {
  readonly secret: Secret;
  readonly sha256: Buffer;
}

export const tokenOf = (text: string): Token => ({
  secret: new Secret(text),
  sha256: sha256(text),
});

const token = (bytes: number): Token => tokenOf(randomBytes(bytes).toString('base64url'));

/** Makes a ticket, which opens a tenant's Admin Portal: 256 random bits. */
export const makeTicket = (): Token => token(32);

/** Makes a return token, which shows what is set up, for a day: 128 random bits. */
export const makeReturnToken = (): Token => token(16);
