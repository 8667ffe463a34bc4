import { describe, expect, it } from '@jest/globals';
import type { Client } from '../../src/core/identity.ts';
import { isLoopback } from '../../src/core/loopback.ts';
import { isNativeRedirect, isRegisteredRedirect } from '../../src/core/redirect-uri.ts';

describe('a redirect URI without https', () => {
  it.each([
    'http://127.0.0.1/cb',
    'http://127.0.0.1:1/cb',
    'http://127.0.0.1:49152',
    'http://127.0.0.1?x',
    'http://[::1]:65535/cb',
    'com.example.app:/',
    'com.example.app:/callback?x=1~',
    'a0.b+c-d.1:/cb',
  ])('may lead to this machine or to an app: %s', (uri) => {
    expect(isNativeRedirect(uri)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:0/cb',
    'http://127.0.0.1:080/cb',
    'http://127.0.0.1:123456/cb',
    'http://127.0.0.1:x/cb',
    'http://127.0.0.1:8080@evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://127.0.0.2/cb',
    'http://localhost/cb',
    'xhttp://127.0.0.1/cb',
    'com.evil:http://127.0.0.1/cb',
    'https://app.example.com/cb',
    'app:/callback',
    'com.example.app:callback',
    'com.example.app',
    'com..app:/callback',
    'com.:/callback',
    '.com.app:/callback',
    '1com.app:/callback',
    'COM.example.app:/callback',
    'com.example.app:/call back',
    'com.example.app:/cb\x7f',
    'com.example.app:/cb\n',
    'com.example.app:/çb',
    ' com.example.app:/callback',
    'javascript:/callback',
    '',
  ])('may lead nowhere else: %j', (uri) => {
    expect(isNativeRedirect(uri)).toBe(false);
  });
});

describe('a registered redirect URI', () => {
  const registers = (...redirectUris: string[]) => ({ redirectUris }) as unknown as Client;
  const LOCAL = 'http://127.0.0.1:8000/cb';

  it.each([
    ['the same text', 'https://app.example.com/cb', 'https://app.example.com/cb'],
    ['another port of a loopback address', LOCAL, 'http://127.0.0.1:9/cb'],
    ['no port of a loopback address', LOCAL, 'http://127.0.0.1/cb'],
    ['a port where none was registered', 'http://[::1]/cb?x', 'http://[::1]:49152/cb?x'],
    ['the scheme of an app', 'com.example.app:/cb', 'com.example.app:/cb'],
  ])('is %s', (_what, registered, asked) => {
    expect(isRegisteredRedirect(registers('https://other.example/', registered), asked)).toBe(true);
  });

  it.each([
    ['another port of another host', 'https://app.example.com/cb', 'https://app.example.com:8/cb'],
    ['a path below it', 'https://app.example.com/cb', 'https://app.example.com/cb/x'],
    ['another path of a loopback address', LOCAL, 'http://127.0.0.1:8000/other'],
    ['another loopback address', LOCAL, 'http://[::1]:8000/cb'],
    ['a port that no machine has', LOCAL, 'http://127.0.0.1:99999/cb'],
    ['a host behind a user name', LOCAL, 'http://127.0.0.1:8000@evil.example/cb'],
    ['the scheme of another app', 'com.example.app:/cb', 'com.example.evil:/cb'],
  ])('is not %s', (_what, registered, asked) => {
    expect(isRegisteredRedirect(registers(registered), asked)).toBe(false);
  });

  it('is nothing for a client that registered none', () => {
    expect(isRegisteredRedirect(registers(), LOCAL)).toBe(false);
  });
});

describe('a host of this machine', () => {
  it.each(['localhost', '127.0.0.1', '127.255.255.254', '[::1]'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each([
    'localhost.evil.example',
    'evil.localhost',
    '127.0.0.1.evil.example',
    'evil127.0.0.1',
    '127.0.0',
    '127.0.0.1.1',
    '127.0.0.x',
    '127.0.0.1234',
    '128.0.0.1',
    '::1',
    '',
  ])('is not %j', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
