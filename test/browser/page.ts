/** What the tests of this folder do with a page, and ask of it. */
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { violationsOf } from '../support/axe.ts';
import type { DevBrowser, Visitor } from '../support/dev-browser.ts';
import { overflowOf } from '../support/overflow.ts';

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
export const firstButton = (page: Page, name: string | RegExp) => button(page, name).first();
export const firstLink = (page: Page, name: string | RegExp) =>
  page.getByRole('link', { name }).first();
export const heading = (page: Page): Promise<string> =>
  page.getByRole('heading', { level: 1 }).innerText();
export const main = (page: Page): Promise<string> => page.getByRole('main').innerText();

/** Somebody new, signed in at the product as the first user with this name. */
export async function signedIn(dev: DevBrowser, name: RegExp): Promise<Visitor> {
  const visitor = await dev.newVisitor();
  await visitor.page.goto(dev.development.productUrl);
  await firstButton(visitor.page, name).click();
  return visitor;
}

/** Fits into the window, and neither axe-core nor Chromium complains. */
export async function expectGoodPage({ page, complaints }: Visitor): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  expect(await overflowOf(page)).toBe(0);
  expect(complaints).toEqual([]);
}
