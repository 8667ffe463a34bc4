import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { APIResponse, Page } from 'playwright-core';
import { startDevBrowser, type DevBrowser, type Visitor } from '../support/dev-browser.ts';
import { overflowOf } from '../support/overflow.ts';
import { button, heading } from './page.ts';

let dev: DevBrowser;

beforeAll(async () => {
  dev = await startDevBrowser();
}, 60_000);
afterAll(() => dev.stop());

/** Somebody new, at the product. */
async function arrive(): Promise<Visitor> {
  const visitor = await dev.newVisitor();
  await visitor.page.goto(dev.development.productUrl);
  return visitor;
}

/** Somebody new, at the identity provider's login page. */
async function leaveToSignIn(): Promise<Visitor> {
  const visitor = await arrive();
  await button(visitor.page, 'Sign in with SSO').click();
  return visitor;
}

async function setUp(page: Page): Promise<void> {
  await button(page, 'Ada IT admin').click();
  await button(page, 'Set up single sign-on').click();
  await button(page, 'Finish setup').click();
  await page.getByRole('link', { name: 'Continue to' }).click();
}

const facts = async (page: Page): Promise<Record<string, string>> => {
  const [names, values] = await Promise.all([
    page.getByRole('term').allInnerTexts(),
    page.getByRole('definition').allInnerTexts(),
  ]);
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
};

/** Where the identity provider, or Gatehouse, sends the browser next; it does not go there. */
const locationOf = (answer: APIResponse): string => answer.headers().location ?? '';

/** Chooses the first user of the login page. @returns the address at Gatehouse, still unused */
async function chooseUser({ page }: Visitor): Promise<string> {
  const form = {
    session: await page.locator('[name=session]').first().inputValue(),
    user: (await page.locator('[name=user]').first().getAttribute('value')) ?? '',
  };
  const address = new URL('/idp/login', page.url()).href;
  return locationOf(await page.request.post(address, { form, maxRedirects: 0 }));
}

describe('signing in with SSO from the product', () => {
  describe('before single sign-on is set up', () => {
    it('says so, and who can set it up', async () => {
      const { page, complaints } = await leaveToSignIn();

      expect(await heading(page)).toBe('Single sign-on is not set up for Acme');
      expect(await page.getByRole('main').innerText()).toContain('choose “Set up single sign-on”');
      expect(await page.getByRole('main').innerText()).toContain('organization_invalid');
      expect(await overflowOf(page)).toBe(0);
      await button(page, 'Sign in as Ada').click();
      expect(await heading(page)).toBe('Acme');
      expect(complaints).toEqual([]);
    });

    it('is not offered for a tenant that Gatehouse does not know', async () => {
      const { page } = await arrive();

      expect(await button(page, 'Sign in with SSO').count()).toBe(1);
    });
  });

  it('leads an IT admin through the portal, and then anybody of the tenant to the profile', async () => {
    const { page, complaints } = await arrive();
    await setUp(page);
    await button(page, 'Sign out').click();

    await button(page, 'Sign in with SSO').click();
    expect(await heading(page)).toBe('Sign in to Acme');
    expect(await overflowOf(page)).toBe(0);
    await button(page, 'Continue as Grace Hopper').click();

    expect(page.url()).toBe(`${dev.development.productUrl}/profile`);
    expect(await facts(page)).toEqual({
      Name: 'Grace Hopper',
      'E-mail': expect.stringMatching(/^grace@/),
      Tenant: expect.stringMatching(/\bacme\b/),
      Connection: expect.stringMatching(/\bconn_\w+/),
    });
    expect(await overflowOf(page)).toBe(0);
    await page.reload();
    expect(await heading(page)).toBe('Hello, Grace Hopper');
    await page.getByRole('link', { name: 'Continue to Acme' }).click();
    expect(await page.getByRole('status').first().innerText()).toMatch(/Single sign-on:\s+Active/);
    expect(complaints).toEqual([]);
  });

  describe('once single sign-on is set up', () => {
    it('signs in somebody of whom only the address is known', async () => {
      const { page, complaints } = await leaveToSignIn();

      await page.getByLabel('Someone else').fill('new@acme.example');
      await button(page, 'Continue with this address').click();

      expect(await facts(page)).toMatchObject({
        Name: 'new@acme.example',
        'E-mail': 'new@acme.example',
      });
      expect(complaints).toEqual([]);
    });

    it('does not make an IT admin of somebody with the same name', async () => {
      const { page } = await leaveToSignIn();
      await button(page, 'Continue as Ada Lovelace').click();
      await page.getByRole('link', { name: 'Continue to Acme' }).click();

      await button(page, 'Change single sign-on').click();

      expect(await heading(page)).toBe('Only IT admins may set this up');
    });

    it('says that access was denied, and lets the user try again', async () => {
      const { page, complaints } = await leaveToSignIn();

      await button(page, 'Deny access').click();

      expect(await heading(page)).toBe('You are not signed in');
      expect(await page.getByRole('main').innerText()).toContain('access_denied');
      expect(await overflowOf(page)).toBe(0);
      await button(page, 'Try again').click();
      expect(await heading(page)).toBe('Sign in to Acme');
      expect(complaints).toEqual([]);
    });

    it('says that it failed, with the code that came back', async () => {
      const { page, complaints } = await leaveToSignIn();

      await page.getByLabel('Error to fail with').selectOption('ambiguous_connection_selector');
      await button(page, 'Fail').click();

      expect(await heading(page)).toBe('Sign-in failed');
      expect(await page.getByRole('main').innerText()).toContain('ambiguous_connection_selector');
      expect(complaints).toEqual([]);
    });

    describe('Gatehouse’s own page', () => {
      const expectEnded = async ({ page, complaints }: Visitor, address: string) => {
        expect(page.url()).toBe(address);
        expect(await heading(page)).toBe('This sign-in is no longer valid');
        expect(await overflowOf(page)).toBe(0);
        expect(complaints).toEqual([]);
      };

      it('ends a sign-in that began in another browser', async () => {
        const [victim, attacker] = await Promise.all([arrive(), leaveToSignIn()]);
        const callback = await chooseUser(attacker);

        await victim.page.goto(callback);

        await expectEnded(victim, callback);
      });

      it('ends a sign-in that is finished a second time', async () => {
        const visitor = await leaveToSignIn();
        const callback = await chooseUser(visitor);
        await visitor.page.goto(callback);
        expect(await heading(visitor.page)).toBe('Hello, Ada Lovelace');

        await visitor.page.goto(callback);

        await expectEnded(visitor, callback);
      });

      it('ends a sign-in whose state is damaged', async () => {
        const visitor = await leaveToSignIn();
        const callback = (await chooseUser(visitor)).replace(/(?<=[?&]state=)./, '_');

        await visitor.page.goto(callback);

        await expectEnded(visitor, callback);
      });
    });

    it('takes no code into a browser that did not ask for it', async () => {
      const [victim, attacker] = await Promise.all([arrive(), leaveToSignIn()]);
      const callback = await chooseUser(attacker);
      const answer = await attacker.page.request.get(callback, { maxRedirects: 0 });

      await victim.page.goto(locationOf(answer));

      expect(await heading(victim.page)).toBe('This sign-in cannot be finished here');
      expect(await button(victim.page, 'Sign out').count()).toBe(0);
      expect(await overflowOf(victim.page)).toBe(0);
      expect(victim.complaints).toEqual([]);
    });

    it('begins anew where a sign-in began at the identity provider', async () => {
      const { page, complaints } = await arrive();

      await page.goto(
        `${dev.development.productUrl}/sso/start?iss=${encodeURIComponent(dev.development.url)}&tenant=acme`,
      );

      expect(await heading(page)).toBe('Sign in to Acme');
      expect(complaints).toEqual([]);
    });

    it('does not begin for an issuer that is not Gatehouse', async () => {
      const { page } = await arrive();

      await page.goto(
        `${dev.development.productUrl}/sso/start?iss=https://elsewhere.example&tenant=acme`,
      );

      expect(await heading(page)).toBe('Sign in');
    });
  });
});
