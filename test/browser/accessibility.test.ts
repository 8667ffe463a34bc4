import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LANGUAGES } from '../../src/core/languages.ts';
import { createPages, type Page } from '../../src/pages/pages.ts';
import { violationsOf } from '../support/axe.ts';
import { routeProviderIcons } from '../support/icons.ts';
import { tooWideFor } from '../support/overflow.ts';
import { pageStates } from '../support/page-states.ts';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';
import { button, heading } from './page.ts';

let dev: DevBrowser;

beforeAll(async () => {
  dev = await startDevBrowser();
}, 60_000);
afterAll(() => dev.stop());

async function expectAccessible({ page, complaints }: Visitor): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

async function open(url: string): Promise<Visitor> {
  const visitor = await dev.newVisitor();
  await visitor.page.goto(url);
  return visitor;
}

describe('what an IT admin goes through', () => {
  it('has no violation, from the product through the portal and back', async () => {
    const visitor = await open(dev.development.productUrl);
    const { page } = visitor;
    expect(await heading(page)).toBe('Sign in');
    await expectAccessible(visitor);

    await button(page, /^Ada/).first().click();
    expect(await heading(page)).toBe('Acme');
    await expectAccessible(visitor);

    await button(page, 'Set up single sign-on').click();
    expect(await heading(page)).toBe('Set up single sign-on');
    await expectAccessible(visitor);

    await button(page, 'Finish setup').click();
    expect(await heading(page)).toBe('Single sign-on is set up');
    await expectAccessible(visitor);

    await page.getByRole('link', { name: /^Continue to/ }).click();
    await button(page, 'Change single sign-on').click();
    await page.getByText('Change what is already there').click();
    await expectAccessible(visitor);
  });

  it('has no violation where a member is refused', async () => {
    const visitor = await open(dev.development.productUrl);
    await button(visitor.page, /^Max/).click();

    await button(visitor.page, / single sign-on$/).click();

    expect(await heading(visitor.page)).toBe('Only IT admins may set this up');
    await expectAccessible(visitor);
  });

  it('has no violation where a tenant is not provisioned', async () => {
    const visitor = await open(dev.development.productUrl);

    await button(visitor.page, /^Grace/).click();

    await expectAccessible(visitor);
  });
});

describe('what a user who signs in goes through', () => {
  it('has no violation, from the login page to the profile, and when the link is used again', async () => {
    const visitor = await open(dev.development.productUrl);
    const { page } = visitor;
    const callback = page.waitForRequest((request) => request.url().includes('/sso/callback?'));

    await button(page, 'Sign in with SSO').click();
    expect(await heading(page)).toBe('Sign in to Acme');
    await expectAccessible(visitor);

    await button(page, 'Continue as Ada Lovelace').click();
    expect(await heading(page)).toBe('Hello, Ada Lovelace');
    await expectAccessible(visitor);

    await page.goto((await callback).url());
    expect(await heading(page)).toBe('This sign-in is no longer valid');
    await expectAccessible(visitor);
  });

  it('has no violation where access was denied', async () => {
    const visitor = await open(dev.development.productUrl);
    await button(visitor.page, 'Sign in with SSO').click();

    await button(visitor.page, 'Deny access').click();

    expect(await heading(visitor.page)).toBe('You are not signed in');
    await expectAccessible(visitor);
  });
});

describe('a page that Gatehouse serves', () => {
  it.each([
    ['/docs/problems', 'Problems'],
    ['/', 'Sign-in and setup for Acme Console'],
    ['/nothing/here', 'There is nothing at this address'],
    ['/launch-portal?ticket=x', 'This link no longer works'],
    ['/launch-portal?intent=sso', 'This link is not complete'],
    ['/launch-portal?client_id=console&tenant_id=acme&intent=sso', 'Please sign in first'],
    ['/sso/authorize', 'This sign-in address is not right'],
    ['/sso/callback?state=x', 'This sign-in is no longer valid'],
  ])('has no violation: %s', async (path, title) => {
    const visitor = await open(dev.development.url + path);

    expect(await heading(visitor.page)).toBe(title);
    await expectAccessible(visitor);
  });
});

describe('the API’s documentation', () => {
  it('has no violation: the list, an operation, a request, the key, nothing found', async () => {
    const visitor = await dev.newVisitor();
    const { page } = visitor;
    const openOperation = async (operationId: string) => {
      await page.getByRole('searchbox').fill(operationId);
      await page.locator('.opblock-summary-control', { hasText: operationId }).click();
    };
    page.setDefaultTimeout(120_000);
    await page.goto(`${dev.development.url}/docs`);
    await page.locator('.opblock').first().waitFor();
    await expectAccessible(visitor);

    await openOperation('generatePortalLink');
    await button(page, 'Try it out').click();
    await page.getByLabel('Request body').waitFor();
    await expectAccessible(visitor);

    await openOperation('listTenants');
    await button(page, 'Try it out').click();
    await button(page, 'Execute').click();
    await page.locator('.live-responses-table').waitFor();
    await page.getByRole('tab', { name: 'Schema' }).first().click();
    // The answer is 401, which Chromium calls an error.
    expect(await violationsOf(page)).toEqual([]);

    await button(page, 'Authorize').first().click();
    await page.getByRole('dialog').getByLabel('Value').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByRole('searchbox').fill('no such operation');
    await page.getByRole('status').filter({ hasText: '0 of ' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  }, 600_000);
});

const BRAND = {
  name: 'Acme',
  logoUrl: undefined,
  color: '#3b5bdb',
  productUrl: 'https://acme.example/',
  supportUrl: 'mailto:support@acme.example',
};
const pagesOf = (brand: Partial<Parameters<typeof createPages>[0]['brand']> = {}) =>
  createPages({ brand: { ...BRAND, ...brand }, portalOrigins: [] });

/** Answers pages, with their headers, at an address that no server has. */
async function visitorOf({ stylesheet, icon }: ReturnType<typeof pagesOf>) {
  const visitor = await dev.newVisitor();
  const { page } = visitor;
  for (const { path, contentType, body } of [stylesheet, icon, { ...icon, path: '/logo.svg' }])
    await page.route(`**${path}`, (route) => route.fulfill({ contentType, body }));
  await routeProviderIcons(page);
  const show = async ({ headers, body }: Page): Promise<void> => {
    await page.unroute('https://pages.example/');
    await page.route('https://pages.example/', (route) =>
      route.fulfill({ status: 200, headers: { ...headers }, body: String(body) }),
    );
    await page.goto('https://pages.example/');
  };
  return { ...visitor, show };
}

describe('a state of the pages', () => {
  it.each(LANGUAGES)(
    'has no violation in %s',
    async (language) => {
      const pages = pagesOf();
      const visitor = await visitorOf(pages);
      for (const { name, page } of pageStates(pages.in(language), language)) {
        await visitor.show(page);

        expect([name, await violationsOf(visitor.page)]).toEqual([name, []]);
        expect([name, await tooWideFor(visitor.page)]).toEqual([name, []]);
      }
      expect(visitor.complaints).toEqual([]);
    },
    1_200_000,
  );

  it.each([
    { color: '#ffffff' },
    { color: '#e8590c' },
    { color: '#000000' },
    { logoUrl: 'https://pages.example/logo.svg' },
    { productUrl: undefined, supportUrl: undefined },
  ])('has no violation with the brand %j', async (brand) => {
    const pages = pagesOf(brand);
    const visitor = await visitorOf(pages);
    const confirm = pageStates(pages.in('en'), 'en').find(({ name }) => name === 'confirm');
    if (!confirm) throw new Error('There is no such state.');

    await visitor.show(confirm.page);

    await expectAccessible(visitor);
  });
});
