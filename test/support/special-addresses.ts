/**
 * The IANA special-purpose address registries: every entry, and what we do with it.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export interface SpecialRange {
  readonly range: string;
  readonly name: string;
  /** `named`: only to an endpoint whose host is itself written as loopback. */
  readonly verdict: 'allowed' | 'refused' | 'named';
}

const refused = (range: string, name: string): SpecialRange => ({
  range,
  name,
  verdict: 'refused',
});
const allowed = (range: string, name: string): SpecialRange => ({
  range,
  name,
  verdict: 'allowed',
});
const named = (range: string, name: string): SpecialRange => ({ range, name, verdict: 'named' });

export const IPV4_REGISTRY: readonly SpecialRange[] = [
  refused('0.0.0.0/8', 'This network'),
  refused('0.0.0.0/32', 'This host on this network'),
  allowed('10.0.0.0/8', 'Private-Use'),
  allowed('100.64.0.0/10', 'Shared Address Space'),
  named('127.0.0.0/8', 'Loopback'),
  refused('169.254.0.0/16', 'Link Local'),
  allowed('172.16.0.0/12', 'Private-Use'),
  refused('192.0.0.0/24', 'IETF Protocol Assignments'),
  refused('192.0.0.0/29', 'IPv4 Service Continuity Prefix'),
  refused('192.0.0.8/32', 'IPv4 dummy address'),
  refused('192.0.0.9/32', 'Port Control Protocol Anycast'),
  refused('192.0.0.10/32', 'Traversal Using Relays around NAT Anycast'),
  refused('192.0.0.170/32', 'NAT64/DNS64 Discovery'),
  refused('192.0.0.171/32', 'NAT64/DNS64 Discovery'),
  refused('192.0.2.0/24', 'Documentation (TEST-NET-1)'),
  refused('192.31.196.0/24', 'AS112-v4'),
  refused('192.52.193.0/24', 'AMT'),
  refused('192.88.99.0/24', 'Deprecated (6to4 Relay Anycast)'),
  refused('192.88.99.2/32', '6a44-relay anycast address'),
  allowed('192.168.0.0/16', 'Private-Use'),
  refused('192.175.48.0/24', 'Direct Delegation AS112 Service'),
  refused('198.18.0.0/15', 'Benchmarking'),
  refused('198.51.100.0/24', 'Documentation (TEST-NET-2)'),
  refused('203.0.113.0/24', 'Documentation (TEST-NET-3)'),
  refused('240.0.0.0/4', 'Reserved'),
  refused('255.255.255.255/32', 'Limited Broadcast'),
  refused('224.0.0.0/4', 'Multicast (a registry of its own)'),
];

export const IPV6_REGISTRY: readonly SpecialRange[] = [
  named('::1/128', 'Loopback Address'),
  refused('::/128', 'Unspecified Address'),
  refused('64:ff9b:1::/48', 'IPv4-IPv6 Translat. (local use)'),
  refused('100::/64', 'Discard-Only Address Block'),
  refused('100:0:0:1::/64', 'Dummy IPv6 Prefix'),
  refused('2001::/23', 'IETF Protocol Assignments'),
  refused('2001::/32', 'TEREDO'),
  refused('2001:1::1/128', 'Port Control Protocol Anycast'),
  refused('2001:1::2/128', 'Traversal Using Relays around NAT Anycast'),
  refused('2001:1::3/128', 'DNS-SD Service Registration Protocol Anycast'),
  refused('2001:2::/48', 'Benchmarking'),
  refused('2001:3::/32', 'AMT'),
  refused('2001:4:112::/48', 'AS112-v6'),
  refused('2001:10::/28', 'Deprecated (previously ORCHID)'),
  refused('2001:20::/28', 'ORCHIDv2'),
  refused('2001:30::/28', 'Drone Remote ID Protocol Entity Tags'),
  refused('2001:db8::/32', 'Documentation'),
  refused('2002::/16', '6to4'),
  refused('2620:4f:8000::/48', 'Direct Delegation AS112 Service'),
  refused('3fff::/20', 'Documentation'),
  refused('5f00::/16', 'Segment Routing (SRv6) SIDs'),
  allowed('fc00::/7', 'Unique-Local'),
  refused('fe80::/10', 'Link-Local Unicast'),
  refused('ff00::/8', 'Multicast (a registry of its own)'),
];
