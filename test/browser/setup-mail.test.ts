import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';
import { routeProviderIcons } from '../support/icons.ts';
import { startMailServer, type MailServer } from '../support/mail-server.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectGoodPage, firstButton, firstLink, heading, main } from './page.ts';

let dev: DevBrowser;
let mails: MailServer;

beforeAll(async () => {
  mails = await startMailServer();
  dev = await startDevBrowser({
    SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
    MAIL_FROM: 'Acme Console <no-reply@acme.example>',
  });
}, 120_000);
afterAll(async () => {
  await dev.stop();
  await mails.stop();
});

const TO = 'ada@acme.example';

/** The user token that the product gives to Ada. */
async function tokenOfAda(): Promise<string> {
  const { page } = await dev.newVisitor();
  await page.goto(dev.development.productUrl);
  await firstButton(page, /^Ada/).click();
  const cookies = await page.context().cookies();
  return cookies.find(({ name }) => name === 'acme_session')?.value ?? '';
}

/** The HTML of the e-mail that invites Ada to the setup page, in German. */
async function invited(): Promise<string> {
  const res = await fetch(`${dev.development.url}/v1/portal-launches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${dev.development.key}`,
      'gatehouse-user-token': await tokenOfAda(),
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      ...{ tenant_id: 'acme', intent: 'any', mode: 'confirm', expires_in: 900 },
      ...{ send_to: TO, locale: 'de' },
    }),
  });
  expect([res.status, res.ok ? '' : await res.text()]).toEqual([201, '']);
  await waitFor(async () => (await mails.to(TO)).length > 0, { withinMs: 30_000 });
  const [mail] = await mails.to(TO);
  return mail?.html ?? '';
}

/** A phone that shows the mail, and whose owner reads German. */
async function phoneWith(html: string): Promise<Visitor> {
  const visitor = await dev.newVisitor({ width: 390, height: 844 });
  const { page } = visitor;
  await routeProviderIcons(page);
  await page.setExtraHTTPHeaders({ 'accept-language': 'de' });
  await page.route('https://mail.example/', (route) =>
    route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
  );
  await page.goto('https://mail.example/');
  return visitor;
}

const resultShown = (page: Page) =>
  page.waitForURL((at) => at.pathname.endsWith('/sign-in-test/result'));

it('leads from the e-mail to a working single sign-on, past two mistakes at the identity provider', async () => {
  const visitor = await phoneWith(await invited());
  const { page } = visitor;
  expect(await heading(page)).toBe('Organisation einrichten');
  await expectGoodPage(visitor);

  await firstLink(page, 'Einrichtungsseite öffnen').click();
  expect(await heading(page)).toBe('Einrichtung ansehen');
  await expectGoodPage(visitor);
  await firstButton(page, 'Einrichtungsseite öffnen').click();
  await page.waitForURL((at) => at.pathname.startsWith('/setup/launch_'));
  expect(page.url()).not.toContain('ticket');
  await expectGoodPage(visitor);

  await firstButton(page, 'Single Sign-on einrichten').click();
  await firstButton(page, 'Finish setup').click();
  await firstLink(page, 'Zurück zur Übersicht').click();
  await firstLink(page, 'Anmeldung testen').click();

  // The secret that was entered is wrong.
  await page.getByLabel('Error to fail with').selectOption('oauth_failed');
  await firstButton(page, 'Fail').click();
  await resultShown(page);
  expect(await heading(page)).toBe('Die Anmeldung hat nicht funktioniert');
  expect(await main(page)).toContain('Client-Geheimnis (vielleicht abgelaufen)');
  await expectGoodPage(visitor);

  // The identity provider sends no names.
  await firstLink(page, 'Noch einmal testen').click();
  await page.getByLabel('Someone else').fill('grace@acme.example');
  await firstButton(page, 'Continue with this address').click();
  await resultShown(page);
  expect(await heading(page)).toBe('Die Anmeldung funktioniert, aber es fehlen Angaben');
  expect(await main(page)).toContain('keinen Wert gesendet für: Vorname, Nachname.');
  await expectGoodPage(visitor);

  await firstLink(page, 'Noch einmal testen').click();
  await firstButton(page, 'Continue as Ada Lovelace').click();
  await resultShown(page);
  expect(await heading(page)).toBe('Die Anmeldung funktioniert');
  await firstLink(page, 'Zurück zur Übersicht').click();
  await expectGoodPage(visitor);

  await page.goto(dev.development.productUrl);
  await firstButton(page, 'Sign in with SSO').click();
  await firstButton(page, 'Continue as Ada Lovelace').click();
  expect(await heading(page)).toBe('Hello, Ada Lovelace');
}, 480_000);
