import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';
import { expectGoodPage, firstButton, firstLink, heading } from './page.ts';

let dev: DevBrowser;
/** Where nothing is set up, whatever the other test does. */
let untouched: DevBrowser;

beforeAll(async () => {
  [dev, untouched] = await Promise.all([startDevBrowser(), startDevBrowser()]);
}, 60_000);
afterAll(() => Promise.all([dev.stop(), untouched.stop()]));

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle r="4" cx="4" cy="4"/></svg>';

/** An IT admin at the product, on a phone in German. */
async function admin(): Promise<Visitor> {
  const visitor = await dev.newVisitor({ width: 390, height: 844 });
  const { page } = visitor;
  await page.route('https://cdn.workos.com/**', (route) =>
    route.fulfill({ contentType: 'image/svg+xml', body: ICON }),
  );
  await page.setExtraHTTPHeaders({ 'accept-language': 'de' });
  await page.goto(dev.development.productUrl);
  await firstButton(page, /^Ada/).click();
  return visitor;
}

it('leads an IT admin from the product to a working sign-on, past a mistake at the identity provider', async () => {
  const visitor = await admin();
  const { page } = visitor;

  await firstButton(page, 'See everything that is set up').click();
  await page.waitForURL((at) => at.pathname.startsWith('/setup/launch_'));
  const overview = page.url();
  expect(overview).not.toContain('ticket');
  expect(await heading(page)).toBe('Was eingerichtet ist');
  await expectGoodPage(visitor);

  await firstButton(page, 'Single Sign-on einrichten').click();
  await firstButton(page, 'Finish setup').click();
  await page.waitForURL((at) => at.pathname === '/portal/return');
  await firstLink(page, 'Zurück zur Übersicht').click();
  await page.waitForURL(overview);
  await page.getByText('Noch niemand hat sich angemeldet').waitFor();
  await expectGoodPage(visitor);

  await firstLink(page, 'Anmeldung testen').click();
  await firstButton(page, 'Deny access').click();
  await page.waitForURL((at) => at.pathname.endsWith('/sign-in-test/result'));
  expect(await heading(page)).toBe('Die Anmeldung hat nicht funktioniert');
  expect(await page.getByRole('main').innerText()).toContain('der Person nicht zugewiesen');
  await expectGoodPage(visitor);

  await firstLink(page, 'Zurück zur Übersicht').click();
  await firstLink(page, /^Anmeldung über/).click();
  await firstButton(page, 'Continue as Ada Lovelace').click();
  await page.waitForURL((at) => at.pathname.endsWith('/sign-in-test/result'));
  expect(await heading(page)).toBe('Die Anmeldung funktioniert');
  expect(await page.getByRole('main').innerText()).toContain('Lovelace');
  await expectGoodPage(visitor);
}, 300_000);

/** Opens what a link or button with this text leads to, with the tab and enter keys alone. */
async function openByKeyboard(page: Page, text: string): Promise<void> {
  const seen: string[] = [];
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    const [label, outline] = await page.evaluate<[string, string]>(
      '[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle]',
    );
    seen.push(label);
    if (!label.startsWith(text)) continue;
    expect(outline).toBe('solid');
    await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
    return page.waitForLoadState();
  }
  throw new Error(`The tab key does not reach "${text}", only ${seen.join(', ')}.`);
}

it('is used by the keyboard alone, in a browser that runs no script', async () => {
  const options = { locale: 'en', javaScriptEnabled: false };
  const { page } = await untouched.newVisitor({ width: 1280, height: 900 }, options);
  await page.goto(untouched.development.productUrl);
  await firstButton(page, /^Ada/).click();
  await firstButton(page, 'See everything that is set up').click();
  await page.waitForURL((at) => at.pathname.startsWith('/setup/launch_'));
  const overview = page.url();

  await openByKeyboard(page, 'Set up single sign-on');
  await openByKeyboard(page, 'Finish setup');
  await page.waitForURL((at) => at.pathname === '/portal/return');
  await openByKeyboard(page, 'Back to the overview');
  await page.waitForURL(overview);

  await openByKeyboard(page, 'Test the sign-in');
  await openByKeyboard(page, 'Continue as Ada');
  await page.waitForURL((at) => at.pathname.endsWith('/sign-in-test/result'));

  expect(await heading(page)).toBe('The sign-in works');
}, 120_000);
