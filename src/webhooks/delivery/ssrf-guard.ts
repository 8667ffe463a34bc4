import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isLoopback } from '../../core/loopback.ts';

/**
 * Allowed address ranges, by the library's names: public, RFC 1918, RFC 4193 and RFC 6598 (pod
 * networks). Siblings live there. Every other range is refused.
 */
const ALLOWED_IPV4 = ['unicast', 'private', 'carrierGradeNat'];
const ALLOWED_IPV6 = ['unicast', 'uniqueLocal'];
/** RFC 4291 §2.4 and the IANA registry: other unicast addresses are not assigned. */
const GLOBAL_UNICAST = '2000::/3';

/** Cloud metadata services whose addresses are in allowed ranges. */
const METADATA = [
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:42::42/128',
  'fd00:c1::a9fe:a9fe/128',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
];

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Thrown if a host name resolves to a refused address. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (hostname, done) => lookup(hostname, { all: true }, done);

/** True if a URL's host, in WHATWG form, is an IP address that is refused. */
export function isRefusedHost(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && isRefused(address, hostname);
}

/** Loopback is allowed only for `localhost` or a loopback address: other names could reach our own ports. */
function isRefused(text: string, hostname: string): boolean {
  if (isIP(text) === 0) return true;
  const address = ipaddr.parse(text);
  return address.range() === 'loopback' ? !isLoopback(hostname) : !isAllowed(address);
}

function isAllowed(address: Address): boolean {
  if (METADATA.some((range) => isIn(address, range))) return false;
  if (address instanceof ipaddr.IPv4) return ALLOWED_IPV4.includes(address.range());
  if (isIn(address, IPV4_MAPPED)) return isAllowed(embedded(address));
  if (isIn(address, NAT64)) return isPublic(embedded(address));
  if (address.range() === 'unicast') return isIn(address, GLOBAL_UNICAST);
  return ALLOWED_IPV6.includes(address.range());
}

/** RFC 4291 §2.5.5.2 */
const IPV4_MAPPED = '::ffff:0:0/96';
/** RFC 6052 §2.1: how hosts without IPv4 reach public IPv4 addresses; §3.1: only those. */
const NAT64 = '64:ff9b::/96';

const isPublic = (address: ipaddr.IPv4): boolean =>
  isAllowed(address) && address.range() === 'unicast';

const embedded = (address: ipaddr.IPv6): ipaddr.IPv4 =>
  new ipaddr.IPv4(address.toByteArray().slice(-4));

function isIn(address: Address, range: string): boolean {
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network, bits);
}

/**
 * DNS lookup for a connecting socket. Resolves the name once, so the checked addresses are the ones
 * connected to. A name with one refused address is refused, because a retry might use that address.
 */
export const pinnedLookup =
  (resolve: Resolve = resolveBySystem): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, (error, addresses) => {
      // `addresses` is undefined when there is an error, whatever the types say.
      if (error) {
        done(error, '');
        return;
      }
      const [first] = addresses;
      if (!first || addresses.some(({ address }) => isRefused(address, hostname)))
        done(new AddressRefused('The address is refused.'), '');
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
