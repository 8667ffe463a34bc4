import { WorkOS } from '@workos-inc/node';
import type { Secret } from '../core/secret.ts';

/** Builds the SDK without its own retries. Never log it: the key is a plain property. */
export const buildSdk = (
  baseUrl: URL,
  apiKey: Secret,
  clientId: string,
  fetchFn: typeof globalThis.fetch,
): WorkOS =>
  new WorkOS(apiKey.reveal(), {
    clientId,
    apiHostname: baseUrl.hostname,
    https: baseUrl.protocol === 'https:',
    ...(baseUrl.port && { port: Number(baseUrl.port) }),
    maxRetries: 0,
    // Longer than our own timeout per attempt, so ours fires first.
    timeout: 30_000,
    fetchFn,
  });
