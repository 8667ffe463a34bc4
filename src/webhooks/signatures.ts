import { createHmac, randomBytes } from 'node:crypto';
import { Secret } from '../core/secret.ts';

const PREFIX = 'whsec_';

/**
 * Creates a secret in the form of Standard Webhooks: `whsec_` and base64 of 256 random bits. Their
 * libraries use the decoded bytes as key, WorkOS's SDKs the whole text.
 */
export const newSecret = (): Secret => new Secret(PREFIX + randomBytes(32).toString('base64'));

export interface Delivered {
  /** The event's id, the same at every attempt. */
  readonly id: string;
  readonly body: string;
}

/**
 * Signature headers of WorkOS, by the first secret alone, and of Standard Webhooks, with one signature per secret.
 * WorkOS's SDKs for Python and PHP refuse a header with a second signature, and the other ones check only one.
 *
 * @param secrets at least one
 * @see https://workos.com/docs/events/data-syncing/webhooks
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  { id, body }: Delivered,
  secrets: readonly Secret[],
  now: number,
): Record<string, string> {
  const seconds = Math.floor(now / 1_000);
  const workos = secrets
    .slice(0, 1)
    .map((secret) => `v1=${hmac(secret.reveal(), `${now}.${body}`).toString('hex')}`);
  const standard = secrets.map((secret) => {
    const key = Buffer.from(secret.reveal().slice(PREFIX.length), 'base64');
    return `v1,${hmac(key, `${id}.${seconds}.${body}`).toString('base64')}`;
  });
  return {
    'workos-signature': [`t=${now}`, ...workos].join(', '),
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': standard.join(' '),
  };
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
