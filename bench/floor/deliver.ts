/** Floor of a delivery: signs and posts the same body, and stores nothing. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { Agent, request } from 'undici';
import { answer } from '../processes.ts';

export interface Posts {
  readonly urls: readonly string[];
  readonly events: readonly { readonly id: string; readonly body: string }[];
  readonly secret: string;
  /** Concurrent deliveries. */
  readonly callers: number;
}

const agent = new Agent({ allowH2: false });

async function run({ urls, events, secret, callers }: Posts): Promise<undefined> {
  const keys = {
    workos: createSecretKey(secret, 'utf8'),
    standard: createSecretKey(Buffer.from(secret.slice('whsec_'.length), 'base64')),
  };
  const posts = events.flatMap((event) => urls.map((url) => ({ ...event, url })));
  const caller = async () => {
    for (let next = posts.pop(); next; next = posts.pop()) await post(next, keys);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return undefined;
}

async function post(
  { url, id, body }: { readonly url: string; readonly id: string; readonly body: string },
  keys: { readonly workos: KeyObject; readonly standard: KeyObject },
): Promise<void> {
  const now = Date.now();
  const seconds = Math.floor(now / 1_000);
  const answered = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'workos-signature': `t=${now}, v1=${hmac(keys.workos, `${now}.${body}`).toString('hex')}`,
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${hmac(keys.standard, `${id}.${seconds}.${body}`).toString('base64')}`,
    },
    body,
  });
  await answered.body.dump();
}

const hmac = (key: KeyObject, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

answer({ run });
