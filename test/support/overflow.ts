import type { Page } from 'playwright-core';

/** How much of the page lies beyond the right edge, in pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
