import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consoleCommand } from '../../src/cli/console.ts';
import { Secret } from '../../src/core/secret.ts';
import { openDatabase } from '../../src/db/database.ts';
import { violationsOf } from '../support/axe.ts';
import { runHere } from '../support/command-here.ts';
import { arrangeTroubles } from '../support/console-world.ts';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';
import { overflowOf, tooWideFor } from '../support/overflow.ts';

let dev: DevBrowser;
let visitor: Visitor;
let endpointId: string;

const consoleUrl = (path = '') => `${dev.development.adminUrl}/console${path}`;

/** What `gatehouse console` prints, while `gatehouse dev` runs. */
async function newLink(): Promise<string> {
  const db = openDatabase({ url: new Secret(dev.settings.DATABASE_URL ?? ''), max: 1 });
  const args = ['--as', 'ada', '--url', dev.development.adminUrl];
  try {
    const { out } = await runHere(
      (terminal) => consoleCommand(args, { db, terminal }),
      dev.settings,
    );
    return (JSON.parse(out) as { url: string }).url;
  } finally {
    await db.close();
  }
}

beforeAll(async () => {
  dev = await startDevBrowser();
  ({ endpointId } = await arrangeTroubles(dev.development, dev.settings));
  visitor = await dev.newVisitor();
}, 180_000);
afterAll(() => dev.stop());

/** On a phone and a desktop, light and dark; and nothing lies beyond the right edge, however it is read. */
async function expectGood({ page, complaints }: Visitor): Promise<void> {
  expect(await violationsOf(page)).toEqual([]);
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await overflowOf(page)).toBe(0);
  }
  expect(await tooWideFor(page)).toEqual([]);
  expect(complaints).toEqual([]);
}

describe('the console', () => {
  it('signs an operator in by a link and a button, without a violation', async () => {
    const { page } = visitor;
    await page.goto(consoleUrl());
    await expectGood(visitor);

    const link = await newLink();
    await page.goto(link);
    await expectGood(visitor);
    await page.getByRole('button', { name: 'Sign in' }).click();

    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('What needs attention');
    expect(page.url()).toBe(consoleUrl());

    const other = await dev.newVisitor();
    await other.page.goto(link);
    expect(await other.page.getByRole('heading', { level: 1 }).innerText()).toBe(
      'This link no longer works',
    );
    await expectGood(other);
  }, 120_000);

  it.each([
    ['', 'What needs attention'],
    ['/tenants', 'Tenants'],
    ['/tenants?q=donau', 'Tenants'],
    ['/tenants/acme', 'Acme'],
    ['/tenants/long', 'Donaudampf'],
    ['/tenants/rtl', 'شركة'],
    ['/tenants/a-tenant-id-that-is-as-long-as-an-id-may-be-which-is-sixty-four-', '<script>'],
    ['/clients', 'Clients'],
    ['/clients/console', 'Acme Console'],
    ['/deliveries', 'Deliveries'],
    ['/events', 'Events'],
    ['/events/event_failed_1', 'dsync.user.created'],
    ['/events/event_parked_1/drop', 'Drop this event?'],
    ['/budget', 'Budget of requests to WorkOS'],
    ['/audit', 'Audit trail'],
    ['/audit?since=yesterday', 'Audit trail'],
    ['/nothing', 'There is no such page'],
  ])(
    'has no violation, no overflow and no payload: /console%s',
    async (path, title) => {
      await visitor.page.goto(consoleUrl(path));

      expect(await visitor.page.getByRole('heading', { level: 1 }).innerText()).toContain(title);
      expect(await visitor.page.content()).not.toMatch(/PAYLOAD|a-secret-of-the-client/);
      await expectGood(visitor);
    },
    120_000,
  );

  it('is used with the keyboard alone: skip link, search, and a delivery made again', async () => {
    const { page } = visitor;
    await page.goto(consoleUrl('/tenants'));
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('donau');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'long' }).waitFor();

    await page.goto(consoleUrl(`/deliveries/${endpointId}`));
    await expectGood(visitor);
    await page.getByRole('button', { name: 'Deliver again' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The delivery is due now.').waitFor();
    expect(await page.title()).toMatch(/^The delivery is due now\. http/);
    await expectGood(visitor);
  }, 120_000);

  it('drops a parked event only after it has asked, and signs out', async () => {
    const { page } = visitor;
    await page.goto(consoleUrl('/events'));
    await page
      .getByRole('row', { name: /event_parked_1/ })
      .getByRole('link', { name: 'Drop…: event_parked_1' })
      .click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Drop this event?');

    await page.getByRole('button', { name: 'Drop it' }).click();
    await page.getByText('The event was dropped.').waitFor();
    expect(await page.getByText('event_parked_1').count()).toBe(0);

    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Sign in');
  }, 120_000);
});
