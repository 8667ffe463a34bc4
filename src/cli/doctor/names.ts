import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { withTimeout } from '../../core/with-timeout.ts';
import { ok, warning, type Check, type Finding } from './check.ts';
import type { World } from './world.ts';

/** Each new connection waits for this. */
const SLOW_MS = 1_000;
const TIMEOUT_MS = 8_000;

type Lookup = (host: string) => Promise<unknown>;

/** Finds names that resolve slowly: what connects then fails with a timeout, which looks like a fault of the other side. */
export const namesCheck = (lookup: Lookup = systemLookup): Check => ({
  name: 'name resolution',
  async run(world) {
    const hosts = hostsOf(world);
    if (hosts.length === 0) return [];
    const slow = await Promise.all(hosts.map((host) => slowness(host, lookup)));
    const findings = slow.filter((one) => one !== undefined);
    return findings.length > 0 ? findings : ok('host names resolve quickly');
  },
});

/** A proxy resolves the names of what is called through it. */
function hostsOf({ values }: World): string[] {
  const proxy = values.HTTPS_PROXY ?? values.HTTP_PROXY;
  const urls = [
    values.DATABASE_URL?.reveal(),
    values.DATABASE_DIRECT_URL?.reveal(),
    ...(proxy
      ? [proxy.reveal()]
      : [values.WORKOS_API_BASE_URL, values.USER_TOKEN_JWKS_URL, values.CLIENT_TOKEN_JWKS_URL]),
  ];
  const hosts = urls.map((url) => URL.parse(url ?? '')?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '');
  return [...new Set(hosts)].filter((host) => host !== '' && isIP(host) === 0);
}

/** A name that does not resolve at all is reported by the check that needs it. */
async function slowness(host: string, lookup: Lookup): Promise<Finding | undefined> {
  const began = performance.now();
  const outcome = await withTimeout(
    lookup(host).then(
      () => 'found' as const,
      () => 'failed' as const,
    ),
    TIMEOUT_MS,
  );
  const ms = performance.now() - began;
  if (ms < SLOW_MS) return undefined;
  const took = outcome === undefined ? 'over ' : '';
  return warning(
    `the host name ${host} took ${took}${(ms / 1_000).toFixed(1)} s to resolve, and connections give up after 3 s`,
    'See /etc/resolv.conf: most often its first name server does not answer. In Kubernetes, see the pods of the cluster’s DNS.',
  );
}
