import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { Problem } from '../../core/problem.ts';
import type { Secret } from '../../core/secret.ts';

/** Applies in both directions: a delivery dated in the future is refused too. */
const TOLERANCE_MS = 180_000;

/**
 * Checks the signature of a raw body. Any of the secrets may have signed it, so that secrets can be
 * rotated. Without secrets every delivery is refused.
 *
 * @see https://workos.com/docs/events/data-syncing/webhooks
 */
export function createSignatureCheck(secrets: readonly Secret[], now: () => number = Date.now) {
  const keys = secrets.map((secret) => createSecretKey(secret.reveal(), 'utf8'));

  /** Checks what needs no body: form and time. @throws Problem `invalid-signature` */
  const requireCurrent = (header: string | undefined) => {
    if (keys.length === 0)
      throw invalid('WORKOS_WEBHOOK_SECRETS is not set, so no delivery can be verified.');
    const parsed = parseHeader(header ?? '');
    if (Math.abs(Number(parsed.timestamp) - now()) > TOLERANCE_MS)
      throw invalid('WorkOS-Signature: its time is more than three minutes from now.');
    return parsed;
  };
  return {
    requireCurrent,
    /** @throws Problem `invalid-signature` */
    requireSigned(header: string | undefined, body: Buffer): void {
      const { timestamp, signatures } = requireCurrent(header);
      const expected = keys.map((key) => signatureOf(key, timestamp, body));
      if (!signatures.some((one) => expected.some((other) => timingSafeEqual(one, other))))
        throw invalid('WorkOS-Signature: does not match this body.');
    },
  };
}

const signatureOf = (key: KeyObject, timestamp: string, body: Buffer): Buffer =>
  createHmac('sha256', key).update(`${timestamp}.`).update(body).digest();

/** Milliseconds; 13 digits until the year 2286, so a time in seconds does not match. */
const TIMESTAMP = /^[1-9]\d{12}$/;
const SHA256_HEX = /^[0-9a-f]{64}$/i;
/** A rotation needs two signatures; each costs a comparison. */
const MAX_SIGNATURES = 8;

/** Parses `t=…, v1=…` in any order. Other schemes are ignored. */
function parseHeader(header: string) {
  const times: string[] = [];
  const signatures: string[] = [];
  for (const part of header.split(',')) {
    const pair = part.trim();
    if (pair.startsWith('t=')) times.push(pair.slice(2));
    else if (pair.startsWith('v1=')) signatures.push(pair.slice(3));
  }
  const [timestamp = '', ...others] = times;
  const readable = signatures.filter((value) => SHA256_HEX.test(value));
  if (!TIMESTAMP.test(timestamp) || others.length > 0)
    throw invalid('WorkOS-Signature: must have one t, in whole milliseconds.');
  if (readable.length === 0 || readable.length > MAX_SIGNATURES)
    throw invalid(`WorkOS-Signature: must have 1 to ${MAX_SIGNATURES} v1, in hex.`);
  return { timestamp, signatures: readable.map((value) => Buffer.from(value, 'hex')) };
}

const invalid = (detail: string): Problem => new Problem('invalid-signature', detail);
