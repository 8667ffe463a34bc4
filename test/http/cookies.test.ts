import { describe, expect, it } from '@jest/globals';
import { cookiesIn, hostCookie } from '../../src/http/cookies.ts';

describe('cookiesIn', () => {
  it('returns every pair, also two of one name', () => {
    expect(cookiesIn('a=1; b=2;a=3')).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ]);
  });

  it.each([
    [undefined, []],
    ['', []],
    ['; ;', []],
    ['nothing', []],
    ['a=b=c', [['a', 'b=c']]],
    ['a=', [['a', '']]],
    ['a=%41', [['a', '%41']]],
  ])('reads %j', (header, pairs) => {
    expect(cookiesIn(header)).toEqual(pairs);
  });

  it.each(['\u00a0', '\u0085', '\u000b', '\u000c', '\ufeff'])(
    'does not drop %j from a name: browsers would not enforce its prefix',
    (space) => {
      expect(cookiesIn(`${space}__Host-a=1`)).toEqual([[`${space}__Host-a`, '1']]);
    },
  );
});

describe('hostCookie', () => {
  it('is for this host, and unreadable for scripts', () => {
    expect(hostCookie('__Host-a', '1', { secure: true, maxAge: 60 })).toBe(
      '__Host-a=1; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    );
    expect(hostCookie('a', '', { secure: false, maxAge: 0 })).toBe(
      'a=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
    );
  });

  it('refuses a name that would forge another attribute', () => {
    expect(() => hostCookie('a; Domain=example.com', '1', { secure: true })).toThrow(TypeError);
  });
});
