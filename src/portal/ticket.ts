import { hash, randomBytes } from 'node:crypto';
import { Secret } from '../core/secret.ts';

/** A bearer secret, of which the database keeps only the SHA-256. */
export interface Token {
  readonly secret: Secret;
  readonly sha256: Buffer;
}

export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

const token = (bytes: number): Token => {
  const text = randomBytes(bytes).toString('base64url');
  return { secret: new Secret(text), sha256: sha256(text) };
};

/** 256 random bits: it opens a tenant's Admin Portal. */
export const makeTicket = (): Token => token(32);

/** 128 random bits: it shows what is set up, for a day. */
export const makeReturnToken = (): Token => token(16);
