import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startDevelopment, type Development } from '../../src/dev/development.ts';
import { freePort } from '../../src/dev/embedded-postgres.ts';
import { readSettings } from '../../src/dev/running-settings.ts';

/** What `npm run dev` starts, on ports and in a directory of its own, with a browser before it. */
export interface DevBrowser {
  readonly development: Development;
  /** The settings of its Gatehouse, as `gatehouse dev <command>` reads them. */
  readonly settings: Readonly<Record<string, string>>;
  /** A phone in new hands: no cookies, and every complaint of Chromium noted down. */
  newVisitor(size?: Size, options?: BrowserContextOptions): Promise<Visitor>;
  stop(): Promise<void>;
}

export interface Visitor {
  readonly page: Page;
  /** Errors on the console, violations of a page's policy among them, and scripts that threw. */
  readonly complaints: readonly string[];
}

type Size = Readonly<{ width: number; height: number }>;

const PHONE: Size = { width: 375, height: 812 };

/** @param settings of its Gatehouse, beyond those of `npm run dev` */
export async function startDevBrowser(
  settings: Readonly<Record<string, string>> = {},
): Promise<DevBrowser> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-dev-'));
  // Postgres may run as another user, who has to get through to its directory.
  chmodSync(directory, 0o755);
  const [gatehouse, admin, product, workos] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const ports = { gatehouse, admin, product, workos };
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const development = await startDevelopment(directory, () => undefined, ports, settings).catch(
    async (error: unknown) => {
      await browser.close();
      throw error;
    },
  );
  return {
    development,
    settings: readSettings(directory) ?? {},
    newVisitor: (size = PHONE, options = {}) => newVisitor(browser, { viewport: size, ...options }),
    async stop() {
      await browser.close();
      await development.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function newVisitor(browser: Browser, options: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const pages = new Set<string>();
  page.on('request', (request) => request.isNavigationRequest() && pages.add(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Chromium calls a page that is answered with a 4xx an error; here it is meant to be one.
    const isRefusal =
      message.text().startsWith('Failed to load resource') && pages.has(message.location().url);
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return { page, complaints };
}
