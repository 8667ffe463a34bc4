import { describe, expect, it } from '@jest/globals';
import { authorizePath, createBrowser, login, signIn } from '../support/sign-in.ts';
import { client, gatehouse, useSignIns } from './authorize-setup.ts';

useSignIns();

describe('the cookie of a login', () => {
  it('is limited to this host, hidden from scripts, and expires with the login', async () => {
    const [cookie = ''] = (await createBrowser(gatehouse).get(authorizePath(client))).setCookie;
    const [pair = '', ...attributes] = cookie.split('; ');

    expect(pair).toMatch(/^__Host-gatehouse-flow-[0-9a-z]{9}-[\w-]{22}=[\w.-]+$/);
    expect(attributes.toSorted()).toEqual([
      'HttpOnly',
      'Max-Age=600',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
  });

  it('is one of five at most; the oldest is deleted first', async () => {
    const browser = createBrowser(gatehouse);
    const begun: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { setCookie } = await browser.get(authorizePath(client));
      begun.push(setCookie[0]?.split('=')[0] ?? '');
    }

    const { setCookie } = await browser.get(authorizePath(client));

    expect(setCookie).toHaveLength(2);
    const [oldest = ''] = begun.toSorted();
    expect(setCookie[1]).toBe(`${oldest}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`);
    expect(browser.cookies.size).toBe(5);
  });

  it('does not affect other logins of the same browser', async () => {
    const browser = createBrowser(gatehouse);
    const [first, second] = [
      await login(gatehouse, client, { browser }),
      await login(gatehouse, client, { browser }),
    ];

    const pages = [await browser.get(first.back), await browser.get(second.back)];

    expect(pages.map(({ location }) => location?.searchParams.has('code'))).toEqual([true, true]);
    expect(browser.cookies.size).toBe(0);
  });

  it('is found among other cookies', async () => {
    const browser = createBrowser(gatehouse);
    for (const name of ['a', 'gatehouse-flow-x', '__Host-other'])
      browser.cookies.set(name, 'x=y==');

    const { onward } = await signIn(gatehouse, client, { browser });

    expect(onward.searchParams.has('code')).toBe(true);
  });
});
