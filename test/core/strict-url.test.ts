import { describe, expect, it } from '@jest/globals';
import { hasUserName, parseStrictUrl } from '../../src/core/strict-url.ts';

describe('parseStrictUrl', () => {
  it.each(['https://app.example.com/a?b#c', 'http://[::1]:8080/', 'https://EXAMPLE.com'])(
    'parses %j',
    (text) => {
      expect(parseStrictUrl(text)?.href).toBe(new URL(text).href);
    },
  );

  it.each([
    '',
    '/relative',
    '//example.com',
    'https:example.com',
    'https:///example.com',
    'https://?example.com',
    'https:\\\\example.com',
    'https://example.com\\@evil.example',
    ' https://example.com',
    'https://exa\tmple.com',
    'https://example.com/\u00a0',
    'https://example.com/\u202e',
    'https://example.com/\ud800',
    'https://example.com:99999/',
    'ftp://example.com/',
    'javascript:alert(1)',
    'javascript:0//https://example.com/',
  ])('refuses %j', (text) => {
    expect(parseStrictUrl(text)).toBeUndefined();
  });
});

it('detects a user name that URL would drop', () => {
  expect(hasUserName('https://@example.com/')).toBe(true);
  expect(hasUserName('https://user:pw@example.com/')).toBe(true);
  expect(hasUserName('https://example.com/@someone')).toBe(false);
  expect(hasUserName('https://example.com/?to=https://user@other.example/')).toBe(false);
});
