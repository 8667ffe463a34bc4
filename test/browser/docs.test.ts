import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';

let dev: DevBrowser;
/** Loading the viewer costs seconds on a busy machine, so the tests share one page. */
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  dev = await startDevBrowser();
  ({ page, complaints } = await openDocs());
}, 180_000);
afterAll(() => dev.stop());

async function openDocs(hash = ''): Promise<Visitor> {
  const visitor = await dev.newVisitor({ width: 1280, height: 900 });
  visitor.page.setDefaultTimeout(120_000);
  await visitor.page.goto(`${dev.development.url}/docs${hash}`);
  await visitor.page.locator('.opblock').first().waitFor();
  return visitor;
}

const operationIds = (): Promise<string[]> =>
  page.locator('.opblock-summary-operation-id').allInnerTexts();
const status = (text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor();

it('lists every operation, under the version of the package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(version);
  const count = (await operationIds()).length;
  expect(count).toBeGreaterThan(140);
  await status(`${count} operations`);
  expect(complaints).toEqual([]);
});

it('opens an operation', async () => {
  await page.getByText('/portal/generate_link').first().click();
  await page.getByText('WorkOS’s own operation, with a tenant id').waitFor();

  expect(new URL(page.url()).hash).toContain('generatePortalLink');
  expect(complaints).toEqual([]);
});

it('opens the operation that the address names', async () => {
  const named = await openDocs('#/Admin%20Portal/generatePortalLink');

  await named.page.getByText('WorkOS’s own operation, with a tenant id').waitFor();
  await named.page.context().close();
}, 180_000);

it.each([
  ['an operation id', 'generateportallink'],
  ['a path', '/portal/generate_link'],
  ['words of the summary, in any order', 'portal link into'],
  ['a tag and a method', 'admin portal post generate'],
])('finds operations by %s', async (_case, phrase) => {
  await page.getByRole('searchbox').fill(phrase);
  await status('1 of ');

  expect(await operationIds()).toEqual(['generatePortalLink']);
});

it('finds operations by the keyboard alone, and all of them again', async () => {
  await page.getByRole('searchbox').fill('');
  await page.getByRole('link', { name: 'Skip to operations' }).focus();
  for (const key of ['Enter', 'Tab', 'Tab']) await page.keyboard.press(key);
  await page.keyboard.type('no such operation');
  await status(/^0 of /);
  expect(await page.locator('.opblock').count()).toBe(0);
  await page.keyboard.press('Escape');
  await status(/^\d+ operations$/);
  await page.keyboard.type('listTenants');
  await status('1 of ');
  for (const key of ['Tab', 'Tab', 'Tab', 'Enter']) await page.keyboard.press(key);

  await page.getByRole('button', { name: 'Try it out' }).waitFor();
  expect(complaints).toEqual([]);
});

it('shows each control that the keyboard reaches', async () => {
  await page.getByRole('searchbox').fill('listTenants');
  await status('1 of ');
  for (const key of ['Tab', 'Tab', 'Tab', 'Tab']) await page.keyboard.press(key);
  const focused = page.locator(':focus');

  expect(await focused.getAttribute('aria-label')).toBe('Copy path to clipboard');
  expect((await focused.boundingBox())?.width).toBeGreaterThanOrEqual(24);
});

it('leads to the contract in a browser that runs no script', async () => {
  const options = { javaScriptEnabled: false };
  const visitor = await dev.newVisitor({ width: 390, height: 844 }, options);
  await visitor.page.goto(`${dev.development.url}/docs`);
  await visitor.page.getByRole('link', { name: 'openapi.yaml' }).waitFor();
  await visitor.page.getByRole('link', { name: 'Problems' }).click();

  expect(await visitor.page.getByRole('heading', { level: 1 }).innerText()).toBe('Problems');
});

it('sends a request with the key that was entered', async () => {
  await page.getByRole('button', { name: 'Authorize', exact: true }).click();
  await page.getByRole('dialog').getByLabel('Value').fill(dev.development.key);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Authorize');

  await page.getByRole('searchbox').fill('listOrganizations');
  await page.locator('.opblock-summary-control', { hasText: 'listOrganizations' }).click();
  await page.getByRole('button', { name: 'Try it out' }).click();
  await page.getByRole('button', { name: 'Execute' }).click();

  await page.locator('.live-responses-table').getByText('"acme"').first().waitFor();
  expect(complaints).toEqual([]);
});
