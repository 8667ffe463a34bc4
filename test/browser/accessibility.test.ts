import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page as BrowserPage } from 'playwright-core';
import { Problem } from '../../src/core/problem.ts';
import {
  createPages,
  type ConfirmView,
  type Page,
  type ReturnedView,
} from '../../src/pages/pages.ts';
import { violationsOf } from '../support/axe.ts';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';

let dev: DevBrowser;

beforeAll(async () => {
  dev = await startDevBrowser();
}, 60_000);
afterAll(() => dev.stop());

const button = (page: BrowserPage, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: BrowserPage): Promise<string> =>
  page.getByRole('heading', { level: 1 }).innerText();

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

const BRAND = { name: 'Acme', logoUrl: undefined, color: '#3b5bdb' };
const pagesOf = (brand: Partial<Parameters<typeof createPages>[0]['brand']> = {}) =>
  createPages({ brand: { ...BRAND, ...brand }, portalOrigins: [] });
type Pages = ReturnType<typeof pagesOf>;

/** Answers a page, with its headers, at an address that no server has. */
async function show(pages: Pages, page: Page): Promise<Visitor> {
  const visitor = await dev.newVisitor();
  const logo = { ...pages.icon, path: '/logo.svg' };
  for (const { path, contentType, body } of [pages.stylesheet, pages.icon, logo])
    await visitor.page.route(`**${path}`, (route) => route.fulfill({ contentType, body }));
  await visitor.page.route('https://pages.example/', (route) =>
    route.fulfill({ status: 200, headers: { ...page.headers }, body: String(page.body) }),
  );
  await visitor.page.goto('https://pages.example/');
  return visitor;
}

const ASKED = { product: 'Console', userId: 'ada', until: new Date('2026-11-30T14:05:00Z') };

const RETURNED: ReturnedView = {
  ...ASKED,
  tenantName: 'Acme',
  intent: 'domain_verification',
  outcome: 'active',
  items: [
    { name: 'acme.example', state: 'verified' },
    { name: 'second.example', state: 'pending' },
    { name: 'third.example', state: 'failed' },
  ],
  next: { url: 'https://console.example/', host: 'console.example' },
  setupPage: undefined,
  reloadable: true,
};

const CONFIRM: ConfirmView = {
  ...ASKED,
  tenantName: 'Acme',
  intent: 'sso',
  fields: { ticket: 'x' },
  lang: undefined,
};

describe('a state of the portal’s pages', () => {
  it.each(['active', 'in_progress', 'nothing'] as const)(
    'has no violation on return: %s',
    async (outcome) => {
      const pages = pagesOf();

      await expectAccessible(await show(pages, pages.in('en').returned({ ...RETURNED, outcome })));
    },
  );

  it('has no violation on return without anything to show or to follow', async () => {
    const pages = pagesOf();
    const view = { ...RETURNED, outcome: 'unknown', items: [], next: undefined } as const;

    await expectAccessible(await show(pages, pages.in('en').returned(view)));
  });

  it('has no violation while the portal is being opened', async () => {
    const pages = pagesOf();

    await expectAccessible(await show(pages, pages.in('en').opening()));
  });

  it('has no violation for a problem that passes', async () => {
    const pages = pagesOf();
    const problem = new Problem('upstream-unavailable', 'WorkOS did not answer.');

    await expectAccessible(
      await show(pages, pages.in('en').problem(problem, { requestId: 'req_1', reloadable: true })),
    );
  });

  it.each(['#ffffff', '#e8590c', '#000000'])(
    'has no violation in the brand colour %s',
    async (color) => {
      const pages = pagesOf({ color });

      await expectAccessible(await show(pages, pages.in('en').confirm(CONFIRM)));
    },
  );

  it('has no violation with a logo', async () => {
    const pages = pagesOf({ logoUrl: 'https://pages.example/logo.svg' });

    await expectAccessible(await show(pages, pages.in('en').confirm(CONFIRM)));
  });
});
