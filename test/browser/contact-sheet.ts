/**
 * Takes screenshots of every page in every state: `npm run pages`, or `npm run pages -- de setup` for one
 * language, and for the states whose name contains a word.
 * Writes them and contact sheets (HTML and PNG) to `.gatehouse/pages`. Fails if a page is wider than its window.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { LANGUAGES, type Language } from '../../src/core/languages.ts';
import { createPages } from '../../src/pages/pages.ts';
import { overflowOf } from '../support/overflow.ts';
import { routeProviderIcons } from '../support/icons.ts';
import type { PageState } from '../support/page-samples.ts';
import { pageStates } from '../support/page-states.ts';

const FOLDER = join(import.meta.dirname, '../../.gatehouse/pages');

/** 320 px are 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const WIDTHS = [320, 390, 1280];
const SCHEMES: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
};

const pages = createPages({
  brand: {
    name: 'Acme',
    logoUrl: undefined,
    color: '#3b4cca',
    productUrl: 'https://acme.example/',
    supportUrl: 'mailto:support@acme.example',
  },
  portalOrigins: [],
});

const isLanguage = (word: string): boolean => (LANGUAGES as readonly string[]).includes(word);
const given = process.argv.slice(2);
const words = given.filter((word) => !isLanguage(word));
const languages = LANGUAGES.filter((one) => given.includes(one) || !given.some(isLanguage));
const statesIn = (language: Language): PageState[] =>
  pageStates(pages.in(language), language).filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );

interface Shot {
  readonly file: string;
  readonly state: string;
  readonly width: number;
}

async function openAt(browser: Browser, scheme: string) {
  const context = await browser.newContext({ ...SCHEMES[scheme], reducedMotion: 'reduce' });
  const page = await context.newPage();
  for (const { path, contentType, body } of [pages.stylesheet, pages.icon])
    await page.route(`**${path}`, (route) => route.fulfill({ contentType, body }));
  await routeProviderIcons(page, '/azure.svg');
  return page;
}

async function showAt(page: Page, { page: { headers, body } }: PageState): Promise<void> {
  await page.unroute('https://pages.example/');
  await page.route('https://pages.example/', (route) =>
    route.fulfill({ headers: { ...headers }, body: String(body) }),
  );
  await page.goto('https://pages.example/');
}

async function shoot(page: Page, language: Language, scheme: string): Promise<Shot[]> {
  const shots: Shot[] = [];
  for (const state of statesIn(language)) {
    await showAt(page, state);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 1_000 ? 844 : 800 });
      const file = `${language}-${scheme}-${state.name.replaceAll(/\W+/g, '-')}-${width}.png`;
      await page.screenshot({ path: join(FOLDER, file), fullPage: true });
      if ((await overflowOf(page)) > 0) {
        console.error(`too wide: ${state.name} at ${width} px, ${language}, ${scheme}`);
        process.exitCode = 1;
      }
      shots.push({ file, state: state.name, width });
    }
  }
  return shots;
}

const sheet = (title: string, shots: readonly Shot[]): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>
body { margin: 16px; background: #888; font: 13px sans-serif; }
main { display: flex; flex-wrap: wrap; gap: 12px; }
figure { margin: 0; padding: 4px; background: #fff; }
figcaption { padding: 2px 0 4px; }
div { display: flex; gap: 4px; align-items: start; }
img { display: block; }
</style>
<h1>${title}</h1>
<main>${[...Map.groupBy(shots, ({ state }) => state)].map(figure).join('')}</main>
</html>`;

const figure = ([state, shots]: [string, readonly Shot[]]): string =>
  `<figure><figcaption>${state}</figcaption><div>${shots
    .map(
      ({ file, width }) =>
        `<a href="${file}"><img src="${file}" width="${width / (width < 1_000 ? 2 : 4)}" alt=""></a>`,
    )
    .join('')}</div></figure>`;

async function print(browser: Browser, name: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 2_120, height: 900 } });
  await page.goto(`file://${join(FOLDER, `${name}.html`)}`);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  await page.close();
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const names: string[] = [];
for (const scheme of Object.keys(SCHEMES)) {
  const page = await openAt(browser, scheme);
  for (const language of languages) {
    const name = `sheet-${language}-${scheme}`;
    const shots = await shoot(page, language, scheme);
    writeFileSync(join(FOLDER, `${name}.html`), sheet(`${language}, ${scheme}`, shots));
    await print(browser, name);
    names.push(name);
  }
}
const links = names.map((name) => `<li><a href="${name}.html">${name}</a>`).join('');
writeFileSync(join(FOLDER, 'index.html'), `<!doctype html><title>Pages</title><ul>${links}</ul>`);
await browser.close();
console.log(`${names.length} contact sheets: ${join(FOLDER, 'index.html')}`);
