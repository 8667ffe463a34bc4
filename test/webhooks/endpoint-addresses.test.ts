import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import {
  AddressRefused,
  isRefusedHost,
  pinnedLookup,
} from '../../src/webhooks/delivery/ssrf-guard.ts';
import { IPV4_REGISTRY, IPV6_REGISTRY } from '../support/special-addresses.ts';

type Answer = Readonly<{ error: Error | null; addresses: readonly LookupAddress[] | string }>;

/** What a socket is told when this name leads to these addresses. */
const lookUp = (hostname: string, ...addresses: string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const entries = addresses.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    pinnedLookup((_hostname, done) => done(null, entries))(
      hostname,
      { all: true },
      (error, answer) => resolve({ error, addresses: answer }),
    );
  });

const isReachable = async (hostname: string, ...addresses: string[]): Promise<boolean> => {
  const { error } = await lookUp(hostname, ...addresses);
  if (error && !(error instanceof AddressRefused)) throw error;
  return error === null;
};

const asHost = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** The first and the last address of a range. */
function ends(range: string): string[] {
  const [network, bits] = ipaddr.parseCIDR(range);
  const bytes = network.toByteArray();
  const last = bytes.map((byte, at) => {
    const fixed = Math.min(8, Math.max(0, bits - at * 8));
    return byte | (0xff >> fixed);
  });
  return [network.toString(), ipaddr.fromByteArray(last).toString()];
}

describe.each([...IPV4_REGISTRY, ...IPV6_REGISTRY])('$range ($name)', ({ range, verdict }) => {
  it(`is ${verdict === 'named' ? 'refused to another name' : verdict}`, async () => {
    for (const address of ends(range))
      expect([address, await isReachable('orders.svc', address)]).toEqual([
        address,
        verdict === 'allowed',
      ]);
  });

  it(`is ${verdict === 'refused' ? 'refused' : 'allowed'} as the endpoint’s host`, () => {
    for (const address of ends(range))
      expect([address, isRefusedHost(asHost(address))]).toEqual([address, verdict === 'refused']);
  });
});

describe('an IPv4 address inside an IPv6 one', () => {
  const BAD = ['127.0.0.1', '169.254.169.254', '192.0.0.192', '0.0.0.0', '168.63.129.16'];
  const hex = (address: string): string =>
    ipaddr.IPv4.parse(address).toIPv4MappedAddress().toString().replace('::ffff:', '');
  /** [form, how it is written] */
  const FORMS: readonly (readonly [string, (address: string) => string])[] = [
    ['mapped', (address) => `::ffff:${address}`],
    ['mapped, in hexadecimal', (address) => `::ffff:${hex(address)}`],
    ['translated (RFC 2765)', (address) => `::ffff:0:${hex(address)}`],
    ['compatible', (address) => `::${hex(address)}`],
    ['NAT64', (address) => `64:ff9b::${hex(address)}`],
    ['NAT64 with a prefix of one’s own', (address) => `64:ff9b:1::${hex(address)}`],
    ['6to4', (address) => `2002:${hex(address)}::`],
    ['Teredo', (address) => `2001:0:${hex(address)}::`],
  ];

  it.each(FORMS)('is refused where it would be alone: %s', async (_form, write) => {
    for (const address of BAD.map(write)) {
      expect([address, await isReachable('orders.svc', address)]).toEqual([address, false]);
      expect([address, isRefusedHost(`[${address}]`)]).toEqual([address, true]);
    }
  });

  it.each(FORMS.slice(2))('is refused for a private address: %s', async (_form, write) => {
    expect(await isReachable('orders.svc', write('10.0.0.1'))).toBe(false);
  });

  it('is reached through NAT64 when it is public, and mapped when it is private', async () => {
    expect(await isReachable('orders.svc', '64:ff9b::808:808')).toBe(true);
    expect(await isReachable('orders.svc', '::ffff:10.0.0.1')).toBe(true);
  });
});

describe('the address of a metadata service', () => {
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    'fd20:ce::254',
    'fe80::a9fe:a9fe',
  ])('is refused: %s', async (address) => {
    expect(await isReachable('orders.svc', address)).toBe(false);
    expect(isRefusedHost(asHost(address))).toBe(true);
  });
});

describe('a name', () => {
  it.each([
    '8.8.8.8',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '2606:4700::1111',
    'fd12::1',
  ])('that resolves to a sibling’s address is connected: %s', async (address) => {
    expect(await lookUp('orders.svc', address)).toMatchObject({
      error: null,
      addresses: [{ address }],
    });
  });

  it('is refused when one of its addresses is refused or invalid, and when it has none', async () => {
    expect(await isReachable('orders.svc', '10.0.0.1', '127.0.0.1')).toBe(false);
    expect(await isReachable('orders.svc')).toBe(false);
    expect(await isReachable('orders.svc', '10.0.0.1', 'nonsense')).toBe(false);
    expect(await isReachable('orders.svc', 'fe80::1%eth0')).toBe(false);
  });

  it('may resolve to loopback only if it is a loopback name', async () => {
    expect(await isReachable('localhost', '127.0.0.1', '::1')).toBe(true);
    expect(await isReachable('localhost.example.com', '127.0.0.1')).toBe(false);
  });

  it('that does not resolve causes a socket error', async () => {
    const notFound = Object.assign(new Error('none'), { code: 'ENOTFOUND' });
    const error = await new Promise((resolve) => {
      // As Node calls back: without a list of addresses.
      pinnedLookup((_hostname, done) => (done as unknown as (error: Error) => void)(notFound))(
        'none.svc',
        { all: true },
        resolve,
      );
    });

    expect(error).toBe(notFound);
  });
});
