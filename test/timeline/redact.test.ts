import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/timeline/redact.ts';
import { within } from '../support/within.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlc2ln';

describe('a text of an identity provider', () => {
  it.each([
    'AADSTS50105: The signed-in user is not assigned to a role for the application.',
    'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed',
    'signin_consent_denied',
    'Die Benutzerkontensteuerungsrichtlinie verbietet es.',
    'https://app2.customer-portal.example/sso/callback',
    'connection conn_01JABCDEFGHJKMNPQRSTVWXYZ0 is inactive',
  ])('is kept if it is readable: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['an address', 'alice@corp.example is not assigned', '[e-mail] is not assigned'],
    ['an encoded address', 'alice%40corp.example is unknown', '[e-mail] is unknown'],
    ['a quoted address', '"alice"@corp.example is unknown', '[e-mail] is unknown'],
    ['a wide at sign', 'alice\uFF20corp.example', '[e-mail]'],
    ['a token of short parts', `token ${TOKEN} expired`, 'token [removed] expired'],
    ['a token in quotes', `token="${TOKEN}"`, 'token="[removed]"'],
    ['a hexadecimal key', 'key 0123456789abcdef0123456789abcdef', 'key [removed]'],
    ['a long key of letters alone', 'key QmVudXR6ZXJrb250ZW5zdGV1ZXJ', 'key [removed]'],
    ['base64 with slashes', 'x dGhpcyBp/cyBh/IHNl+Y3JldA== y', 'x [removed] y'],
    ['a pair', 'code=Zm9vYmFyYmF6cXV4MTIzNDU2', '[removed]'],
  ])('loses %s', (_what, text, left) => {
    expect(redact(text)).toBe(left);
  });

  it('becomes one line of at most 300 characters, none of them half', () => {
    const text = redact(`one\ntwo\u0000 ${'a '.repeat(145)}${'😀'.repeat(20)}`);

    expect(Array.from(text)).toHaveLength(300);
    expect([text.isWellFormed(), text.startsWith('one two a')]).toEqual([true, true]);
  });

  it('is read up to a limit, however long it is', () => {
    const began = performance.now();
    for (const text of ['a', '@a', 'eyJ', 'a.', ' ']) redact(text.repeat(1_000_000));

    expect(performance.now() - began).toBeLessThan(within(2_000));
  });
});
