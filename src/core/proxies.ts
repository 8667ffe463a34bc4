import { EnvHttpProxyAgent, type Agent, type Dispatcher } from 'undici';
import type { Secret } from './secret.ts';

/** The proxies that outgoing calls go through. */
export interface Proxies {
  /** For https URLs. Its URL may hold a password. */
  readonly https?: Secret | undefined;
  /** For http URLs and, if `https` is missing, for https URLs. */
  readonly http?: Secret | undefined;
  /** Hosts that are called directly: `host`, `host:port`, `.domain`, `*`. */
  readonly except: readonly string[];
}

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/**
 * Creates a dispatcher that calls through the proxies, or returns undefined if there are none. An https
 * call goes through a tunnel, so the proxy sees neither key nor content.
 *
 * @param options for connections; `connect` applies only to hosts that are called directly
 */
export function proxyDispatcher(
  proxies: Proxies | undefined,
  options: Agent.Options & { readonly connectTimeout?: number },
): Dispatcher | undefined {
  if (!proxies?.https && !proxies?.http) return undefined;
  return new EnvHttpProxyAgent({
    ...options,
    // An empty text also keeps the library from reading the environment.
    httpsProxy: proxies.https?.reveal() ?? '',
    httpProxy: proxies.http?.reveal() ?? '',
    noProxy: [...proxies.except, ...LOOPBACK].join(','),
  });
}
