import { describe, expect, it } from '@jest/globals';
import { basicOf, bearerOf } from '../../src/auth/authorization-header.ts';

describe('bearerOf', () => {
  it.each([
    ['Bearer gh_key', 'gh_key'],
    ['bearer eyJ.eyJ.sig-_', 'eyJ.eyJ.sig-_'],
    ['BEARER a+b/c~d==', 'a+b/c~d=='],
  ])('reads the token of %j', (header, token) => {
    expect(bearerOf(header)).toBe(token);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer  two-spaces',
    ' Bearer token',
    'Bearer token ',
    'Bearer two tokens',
    'Bearer token,Bearer token',
    'Bearer "token"',
    'Bearer a=b',
    'Bearer tök',
    'Bearer token\n',
    'Basic dXNlcjpzZWNyZXQ=',
    ['Bearer token'],
  ])('finds none in %j', (header) => {
    expect(bearerOf(header)).toBeUndefined();
  });
});

describe('basicOf', () => {
  it('reads the credentials of a Basic header', () => {
    expect(basicOf('basic dXNlcjpzZWNyZXQ=')).toBe('dXNlcjpzZWNyZXQ=');
  });

  it.each([undefined, 'Basic', 'Basic a:b', 'Bearer dXNlcjpzZWNyZXQ='])(
    'finds none in %j',
    (header) => {
      expect(basicOf(header)).toBeUndefined();
    },
  );
});
