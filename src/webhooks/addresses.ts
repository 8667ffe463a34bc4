import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { isLoopback } from '../config.ts';

/**
 * Where no sibling is: this host, neighbours on the wire and everybody at once, and where clouds
 * answer questions about the machine to whoever asks from it. Private addresses are where they are.
 */
const REFUSED: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['fd20:ce::254', 128, 'ipv6'],
  // The same IPv4 addresses behind NAT64 and 6to4.
  ['64:ff9b::a9fe:0', 112, 'ipv6'],
  ['2002:a9fe::', 32, 'ipv6'],
];
/** Good only for an endpoint that is named so: a name that leads here would reach our own ports. */
const LOOPBACK: typeof REFUSED = [
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
];

const listOf = (ranges: typeof REFUSED): BlockList => {
  const list = new BlockList();
  for (const range of ranges) list.addSubnet(...range);
  return list;
};
const refused = listOf(REFUSED);
const loopback = listOf(LOOPBACK);

/** The name led to an address where nothing of ours is. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const resolveBySystem: Resolve = (hostname, done) => lookup(hostname, { all: true }, done);

/** Whether a URL's host, as WHATWG writes it, is an address that nothing may be sent to. */
export function isRefusedHost(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) !== 0 && isRefused(address, hostname);
}

function isRefused(address: string, hostname: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return (
    refused.check(address, family) || (loopback.check(address, family) && !isLoopback(hostname))
  );
}

/**
 * For a socket that connects: the name is resolved once, and what was looked at is what is
 * connected to. One bad address among good ones is refused too, for the next try might take it.
 */
export const pinnedLookup =
  (resolve: Resolve = resolveBySystem): LookupFunction =>
  (hostname, options, done) => {
    resolve(hostname, (error, addresses) => {
      const [first] = addresses;
      if (error) done(error, '');
      else if (!first || addresses.some(({ address }) => isRefused(address, hostname)))
        done(new AddressRefused('The address is refused.'), '');
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
