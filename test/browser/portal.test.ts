import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';
import { overflowOf } from '../support/overflow.ts';
import { button, heading, signedIn } from './page.ts';

let dev: DevBrowser;

beforeAll(async () => {
  dev = await startDevBrowser();
}, 60_000);
afterAll(() => dev.stop());

/** A ticket with a page of its own, as it would be sent by e-mail. */
async function confirmUrl(): Promise<string> {
  const res = await fetch(`${dev.development.url}/v1/portal-launches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${dev.development.key}`,
      'gatehouse-user-id': 'ada',
      'gatehouse-user-roles': 'it_admin',
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      tenant_id: 'acme',
      intent: 'sso',
      mode: 'confirm',
      return_url: `${dev.development.productUrl}/`,
    }),
  });
  return ((await res.json()) as { url: string }).url;
}

const isPortal = (url: URL): boolean =>
  url.origin === dev.development.workosUrl && url.pathname === '/portal/setup';
const isReturnPage = (url: URL): boolean =>
  url.origin === dev.development.url && url.pathname === '/portal/return';

/**
 * What a screen reader would stumble over: the page's language and title, one heading of the first
 * level, a main part, names of everything that can be operated, ids given twice.
 */
const flawsOf = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const ids = all('[id]').map(({ id }) => id);
    const nameOf = (control) =>
      control.getAttribute('aria-label') ||
      [...(control.labels ?? [])].map((label) => label.textContent).join('').trim() ||
      control.textContent.trim();
    return [
      document.documentElement.lang || 'no language',
      document.title || 'no title',
      all('h1').length === 1 || 'not one h1',
      all('main').length === 1 || 'not one main',
      ids.length === new Set(ids).size || 'an id twice',
      all('h1, h2, h3').every((one, at) => at > 0 || one.tagName === 'H1') || 'h1 is not first',
      ...all('button, a[href], input:not([type=hidden]), select, textarea').map(
        (control) => nameOf(control) !== '' || 'no name: ' + control.outerHTML,
      ),
      ...all('img, svg').map(
        (image) =>
          image.hasAttribute('alt') ||
          image.getAttribute('aria-hidden') === 'true' ||
          'no text: ' + image.outerHTML,
      ),
      all('[tabindex]').every((one) => one.tabIndex <= 0) || 'an order of its own',
    ].filter((result) => typeof result === 'string' && /^(no|an|h1) /.test(result));
  })()`);

/** On a phone, for a screen reader and under its policy. */
async function expectGoodPage({ page, complaints }: Visitor): Promise<void> {
  expect(await flawsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
  expect(complaints).toEqual([]);
}

describe('setting up single sign-on from the product', () => {
  it('leads an IT admin to the portal, to the truth about it, and back', async () => {
    const visitor = await signedIn(dev, /^Ada/);
    const { page } = visitor;
    await expectGoodPage(visitor);

    await button(page, 'Set up single sign-on').click();
    await page.waitForURL(isPortal);
    expect(await heading(page)).toBe('Set up single sign-on');
    expect(await page.getByText('Acme', { exact: true }).count()).toBe(1);
    await expectGoodPage(visitor);

    await button(page, 'Finish setup').click();
    await page.waitForURL(isReturnPage);
    expect(await heading(page)).toBe('Single sign-on is set up');
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^Acme\s+Active$/),
    ]);
    await expectGoodPage(visitor);

    await page.getByRole('link', { name: 'Continue to 127.0.0.1' }).click();
    await page.waitForURL(`${dev.development.productUrl}/`);
    expect(await heading(page)).toBe('Acme');
    await expectGoodPage(visitor);
  });

  it('says truthfully that nothing is set up when the admin returns early', async () => {
    const visitor = await signedIn(dev, /^Ada/);
    const { page } = visitor;

    await button(page, 'Set up directory sync').click();
    await page.getByRole('link', { name: 'Return without finishing' }).click();
    await page.waitForURL(isReturnPage);

    expect(await heading(page)).toBe('Directory sync is not set up yet');
    await expectGoodPage(visitor);
    await page.getByRole('link', { name: 'Check again' }).click();
    expect(isReturnPage(new URL(page.url()))).toBe(true);
  });

  it('verifies a domain that the admin names in the portal', async () => {
    const visitor = await signedIn(dev, /^Ada/);
    const { page } = visitor;

    await button(page, 'Verify a domain').click();
    await page.getByLabel('Domain').fill('acme.example');
    await expectGoodPage(visitor);
    await button(page, 'Finish setup').click();
    await page.waitForURL(isReturnPage);

    expect(await heading(page)).toBe('Your domain is verified');
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^acme\.example\s+Verified$/),
    ]);
  });

  it('clearly refuses a member', async () => {
    const visitor = await signedIn(dev, /^Max/);
    const { page } = visitor;

    await button(page, / single sign-on$/).click();

    expect(await heading(page)).toBe('Only IT admins may set this up');
    expect(page.url()).toContain(dev.development.productUrl);
    await expectGoodPage(visitor);
    await page.getByRole('link', { name: 'Back' }).click();
    expect(await heading(page)).toBe('Acme');
  });

  it('provisions a tenant that Gatehouse does not know yet', async () => {
    const { page, complaints } = await signedIn(dev, /^Grace/);

    await button(page, 'Provision this tenant').click();
    await button(page, 'Set up single sign-on').click();
    await page.waitForURL(isPortal);

    expect(await page.getByText('Globex', { exact: true }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });
});

describe('the confirm page', () => {
  it('opens the portal by a click, which its policy lets pass', async () => {
    const visitor = await dev.newVisitor();
    const { page } = visitor;

    await page.goto(await confirmUrl());
    expect(await heading(page)).toBe('Set up single sign-on');
    expect(await page.getByText('For Acme').count()).toBe(1);
    await expectGoodPage(visitor);
    await button(page, 'Open the Admin Portal').click();
    await page.waitForURL(isPortal);

    expect(visitor.complaints).toEqual([]);
  });

  it('opens it by the keyboard alone', async () => {
    const { page, complaints } = await dev.newVisitor();
    await page.goto(await confirmUrl());

    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe(
      'Open the Admin Portal',
    );
    expect(
      await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle'),
    ).toBe('solid');
    await page.keyboard.press('Enter');
    await page.waitForURL(isPortal);

    expect(complaints).toEqual([]);
  });

  it('may be loaded again and again before the click', async () => {
    const { page } = await dev.newVisitor();
    await page.goto(await confirmUrl());

    for (let count = 0; count < 5; count += 1) await page.reload();
    await button(page, 'Open the Admin Portal').click();
    await page.waitForURL(isPortal);

    expect(await heading(page)).toBe('Set up single sign-on');
  });

  it('says at the second of two clicks that the portal is being opened', async () => {
    const visitor = await dev.newVisitor();
    const { page } = visitor;
    const url = await confirmUrl();
    await page.goto(url);
    const other = await page.context().newPage();
    await other.goto(url);

    await button(page, 'Open the Admin Portal').click();
    await page.waitForURL(isPortal);
    await button(other, 'Open the Admin Portal').click();
    await other.getByRole('heading', { name: 'The Admin Portal is being opened' }).waitFor();

    expect(await flawsOf(other)).toEqual([]);
    expect(await overflowOf(other)).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('never calls the link dead when its button is clicked twice at once', async () => {
    const { page, complaints } = await dev.newVisitor();
    await page.goto(await confirmUrl());

    await button(page, 'Open the Admin Portal').dblclick();
    await page.waitForURL((at) => isPortal(at) || at.pathname === '/launch-portal');
    await page.waitForLoadState();

    expect(['Set up single sign-on', 'The Admin Portal is being opened']).toContain(
      await heading(page),
    );
    expect(complaints).toEqual([]);
  });

  it('is shown to a signed-in admin whom another site sends, and then works', async () => {
    const visitor = await signedIn(dev, /^Ada/);
    const { page } = visitor;
    const door = `${dev.development.url}/launch-portal?client_id=console&tenant_id=acme&intent=sso`;

    await page.goto('about:blank');
    await page.setContent(`<a href="${door.replaceAll('&', '&amp;')}">Elsewhere</a>`);
    await page.getByRole('link', { name: 'Elsewhere' }).click();
    await page.waitForURL(door);
    expect(await heading(page)).toBe('Set up single sign-on');
    await expectGoodPage(visitor);
    await button(page, 'Open the Admin Portal').click();
    await page.waitForURL(isPortal);

    expect(visitor.complaints).toEqual([]);
  });
});

describe('a link that is no good any more', () => {
  it('says what to do, after it was used', async () => {
    const visitor = await dev.newVisitor();
    const { page } = visitor;
    const url = await confirmUrl();
    await page.goto(url);
    await button(page, 'Open the Admin Portal').click();
    await page.waitForURL(isPortal);

    const answer = await page.goto(url);

    expect(answer?.status()).toBe(410);
    expect(await heading(page)).toBe('This link no longer works');
    expect(await page.getByRole('main').innerText()).toContain('Go back to your product');
    await expectGoodPage(visitor);
  });

  it.each([
    ['that never existed', `/launch-portal?ticket=${'A'.repeat(43)}`, 'This link no longer works'],
    ['without its ticket', '/launch-portal', 'This link no longer works'],
    ['with half of what it needs', '/launch-portal?intent=sso', 'This link is not complete'],
    ['to a return long ago', '/portal/return?launch=x', 'This link no longer works'],
    [
      'for somebody signed in',
      '/launch-portal?client_id=console&tenant_id=acme&intent=sso',
      'Please sign in first',
    ],
  ])('is a good page: one %s', async (_case, path, title) => {
    const visitor = await dev.newVisitor();

    await visitor.page.goto(dev.development.url + path);

    expect(await heading(visitor.page)).toBe(title);
    await expectGoodPage(visitor);
  });

  it('cannot be shown inside another page', async () => {
    const { page } = await dev.newVisitor();
    const url = await confirmUrl();

    await page.setContent(`<iframe src="${url}"></iframe>`);

    const frame = page.frames().at(-1);
    await frame?.waitForLoadState();
    expect(await frame?.content()).not.toContain('Open the Admin Portal');
  });
});
