import { describe, expect, it } from '@jest/globals';
import type { Client } from '../../src/core/identity.ts';
import { Problem } from '../../src/core/problem.ts';
import { allowedUrls, isRegistered, requireRegistered } from '../../src/portal/link/return-url.ts';
import { HOSTILE_URLS } from '../support/hostile-urls.ts';

const client = {
  returnOrigins: ['https://app.example.com', 'http://localhost:3000', 'http://192.0.2.1'],
} as unknown as Client;
const URLS = { return_url: 'https://app.example.com/a', success_url: 'https://app.example.com' };

/** The field, the code and the text of the refusal. */
function refusalOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    const [fault] = error instanceof Problem ? error.errors : [];
    if (fault) return [fault.field, fault.code, fault.message];
    throw error;
  }
  return [];
}

describe('the URLs of a portal link', () => {
  it('are passed on in their serialised form, each only if it is given', () => {
    const asked = { ...URLS, return_url: 'https://APP.example.com:443/a/../b' };

    expect(allowedUrls(asked, client, false)).toEqual({
      return_url: 'https://app.example.com/b',
      success_url: 'https://app.example.com/',
    });
    expect(allowedUrls({ return_url: URLS.return_url }, client, false)).toEqual({
      return_url: URLS.return_url,
    });
    expect(allowedUrls({}, client, false)).toEqual({});
  });

  it.each(['return_url', 'success_url'])('are refused by the name of the field: %s', (field) => {
    const refusal = (url: string) =>
      refusalOf(() => allowedUrls({ ...URLS, [field]: url }, client, false));

    expect(refusal('https://evil.example/')).toEqual([
      field,
      'not_registered',
      `must be of a return origin of your client (${client.returnOrigins.join(', ')}). Ask the platform team to add https://evil.example`,
    ]);
    expect(refusal('/settings')).toEqual([
      field,
      'invalid_url',
      'must be an absolute https URL, such as https://app.example.com/settings',
    ]);
    expect(refusal('https://ada@app.example.com/')).toEqual([
      field,
      'invalid_url',
      'must not hold a user name',
    ]);
  });

  it('never lead to a hostile URL', () => {
    const harmless = ['https://app.example.com', 'http://localhost:3000'];
    const followed = [false, true].flatMap((development) =>
      HOSTILE_URLS.filter(
        (url) =>
          refusalOf(() => allowedUrls({ return_url: url }, client, development)).length === 0,
      ),
    );

    expect(followed.filter((url) => !harmless.includes(new URL(url).origin))).toEqual([]);
  });

  it('may be http on this machine in development, and nowhere else', () => {
    const local = { return_url: 'http://localhost:3000/' };

    expect(allowedUrls(local, client, true)).toEqual(local);
    expect(refusalOf(() => allowedUrls(local, client, false))[1]).toBe('invalid_url');
    expect(refusalOf(() => allowedUrls({ return_url: 'http://192.0.2.1/' }, client, true))[1]).toBe(
      'invalid_url',
    );
  });

  it('are checked again before a stored link is created', () => {
    const withdrawn = { ...client, returnOrigins: [] };

    expect(isRegistered(URLS.return_url, client)).toBe(true);
    expect(isRegistered(URLS.return_url, withdrawn)).toBe(false);
    expect(
      refusalOf(() => {
        requireRegistered('return_url', URLS.return_url, client);
      }),
    ).toEqual([]);
    expect(
      refusalOf(() => {
        requireRegistered('return_url', null, withdrawn);
      }),
    ).toEqual([]);
    expect(
      refusalOf(() => {
        requireRegistered('return_url', URLS.return_url, withdrawn);
      }).slice(0, 2),
    ).toEqual(['return_url', 'not_registered']);
  });
});
