import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startDevBrowser, type DevBrowser } from '../support/dev-browser.ts';
import { overflowOf } from '../support/overflow.ts';
import { waitFor } from '../support/wait-for.ts';
import { button, heading, main, signedIn } from './page.ts';

let dev: DevBrowser;
beforeAll(async () => {
  dev = await startDevBrowser();
  await putTenant('globex', ['first.globex.example', 'second.globex.example']);
}, 60_000);
afterAll(() => dev.stop());

/** As a service of the company would do it, over HTTP. */
async function putTenant(id: string, domains: readonly string[]): Promise<void> {
  const res = await fetch(`${dev.development.url}/v1/tenants/${id}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${dev.development.key}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'Globex', domains: domains.map((domain) => ({ domain })) }),
  });
  expect(res.status).toBe(201);
}

/** What the product says of a feature, e.g. `Single sign-on: Not set up`. */
const stateOf = (page: Page, feature: string) =>
  page.getByRole('status').filter({ hasText: `${feature}: ` });
const said = async (page: Page, feature: string): Promise<string> =>
  (await stateOf(page, feature).innerText()).replaceAll(/\s+/g, ' ');
const becomes = (page: Page, feature: string, state: string) =>
  stateOf(page, feature).filter({ hasText: state }).waitFor({ timeout: 10_000 });

const atReturnPage = (page: Page) =>
  page.waitForURL((url) => url.origin === dev.development.url && url.pathname === '/portal/return');
const atPortal = (page: Page) => page.waitForURL((url) => url.origin === dev.development.workosUrl);
const backToProduct = async (page: Page) => {
  await page.getByRole('link', { name: /^Continue to/ }).click();
  await page.waitForURL(`${dev.development.productUrl}/`);
};

describe('the product page', () => {
  it('says what became of a visit without a change, and what to do', async () => {
    const { page, complaints } = await signedIn(dev, /^Ada/);
    expect(await said(page, 'Single sign-on')).toBe('Single sign-on: Not set up');

    await button(page, 'Set up single sign-on').click();
    await page.getByRole('link', { name: 'Return without finishing' }).click();
    await atReturnPage(page);

    expect(await heading(page)).toBe('Single sign-on is not set up yet');
    expect(await main(page)).toContain('We see nothing from this visit yet');
    expect(await main(page)).toContain('open the Admin Portal again from your product');
    await backToProduct(page);
    expect(await said(page, 'Single sign-on')).toBe('Single sign-on: Not set up');
    expect(complaints).toEqual([]);
  });

  it('turns from not set up to active, also in a tab that only looks on', async () => {
    const { page, complaints } = await signedIn(dev, /^Ada/);
    const onlooker = await page.context().newPage();
    await onlooker.goto(dev.development.productUrl);
    expect(await said(onlooker, 'Single sign-on')).toBe('Single sign-on: Not set up');

    await button(page, 'Set up single sign-on').click();
    await atPortal(page);
    await button(page, 'Finish setup').click();
    await atReturnPage(page);
    expect(await heading(page)).toBe('Single sign-on is set up');
    await backToProduct(page);

    expect(await said(page, 'Single sign-on')).toBe('Single sign-on: Active');
    expect(await main(page)).toContain('Acme (OktaSAML)');
    await becomes(onlooker, 'Single sign-on', 'Active');
    expect(await button(onlooker, 'Change single sign-on').count()).toBe(1);
    expect(await overflowOf(page)).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('tells of a connection that is deactivated and deleted at WorkOS', async () => {
    const { page } = await signedIn(dev, /^Ada/);
    const onlooker = await page.context().newPage();
    await onlooker.goto(dev.development.productUrl);

    await button(page, 'Change single sign-on').click();
    await atPortal(page);
    await page.getByText('Change what is already there').click();
    expect(await overflowOf(page)).toBe(0);
    await button(page, 'Deactivate').click();
    await becomes(onlooker, 'Single sign-on', 'Needs attention');
    await page
      .getByRole('form', { name: /^Connection/ })
      .getByText('Delete')
      .click();

    await becomes(onlooker, 'Single sign-on', 'Not set up');
  });

  it('speaks of a certificate once it nears its end, until it is renewed', async () => {
    const { page, complaints } = await signedIn(dev, /^Ada/);
    await button(page, 'Set up single sign-on').click();
    await atPortal(page);
    await button(page, 'Finish setup').click();
    await atReturnPage(page);
    await backToProduct(page);

    await button(page, 'Change single sign-on').click();
    await page.getByText('Change what is already there').click();
    await button(page, 'Expire in 20 days').click();
    await waitFor(async () => {
      await page.goto(dev.development.productUrl);
      return (await button(page, 'Renew the certificate').count()) === 1;
    });
    await button(page, 'Renew the certificate').click();
    await atPortal(page);
    await button(page, 'Finish setup').click();
    await atReturnPage(page);
    expect(await main(page)).toContain('Up to date');
    await backToProduct(page);

    expect(await button(page, 'Renew the certificate').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows a directory as soon as there is one', async () => {
    const { page } = await signedIn(dev, /^Ada/);

    await button(page, 'Set up directory sync').click();
    await button(page, 'Finish setup').click();
    await atReturnPage(page);
    expect(await heading(page)).toBe('Directory sync is set up');
    await backToProduct(page);

    expect(await said(page, 'Directory sync')).toBe('Directory sync: Active');
  });

  it('shows one of two domains as verified, and the other as waiting', async () => {
    const { page } = await signedIn(dev, /^Grace/);
    await becomes(page, 'Domains', 'In progress');

    await button(page, /Verify .* domain/).click();
    expect(await page.getByLabel('Domain', { exact: true }).inputValue()).toBe(
      'first.globex.example',
    );
    await button(page, 'Finish setup').click();
    await atReturnPage(page);

    expect(await heading(page)).toBe('1 of 2 domains is verified');
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^first\.globex\.example\s+Verified$/),
      expect.stringMatching(/^second\.globex\.example\s+Waiting for verification$/),
    ]);
    await backToProduct(page);
    expect(await said(page, 'Domains')).toBe('Domains: In progress');
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^first\.globex\.example\s+Verified$/),
      expect.stringMatching(/^second\.globex\.example\s+Waiting for the DNS record$/),
    ]);
    expect(await overflowOf(page)).toBe(0);
  });
});
