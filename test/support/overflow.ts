import type { Page } from 'playwright-core';

/** How much of the page lies beyond the right edge, in pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );

/** The spacing that a reader may choose (WCAG 1.4.12). */
const SPACING =
  '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }';
/** Letters of twice the size (WCAG 1.4.4). */
const LARGE = 'html { font-size: 200% !important; }';

/** The smallest width that a page must fit into is 320 px, which are 1280 px at a zoom of 400 % (WCAG 1.4.10). */
const READERS = [
  { name: 'zoom of 400 %', width: 320, css: '' },
  { name: 'text spacing', width: 320, css: SPACING },
  { name: 'large letters', width: 390, css: LARGE },
];

/** Names the ways of reading for which something of the page lies beyond the right edge. */
export async function tooWideFor(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { name, width, css } of READERS) {
    await page.setViewportSize({ width, height: 900 });
    await style(page, css);
    const overflow = await overflowOf(page);
    if (overflow > 0) found.push(`${name}: ${overflow} px beyond ${width} px`);
  }
  await style(page, '');
  return found;
}

/** A stylesheet of the reader, which the page's Content-Security-Policy does not restrict. */
const style = (page: Page, css: string): Promise<void> =>
  page.evaluate<undefined>(
    `{ const sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(css)}); document.adoptedStyleSheets = [sheet]; }`,
  );
