import type { Page } from 'playwright-core';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="14" cy="14" r="11" fill="none" stroke="#0a6cff" stroke-width="6"/></svg>`;

/** Answers for WorkOS's CDN, which tests must not reach. @param missing the end of a URL that has no icon */
export const routeProviderIcons = (page: Page, missing?: string): Promise<unknown> =>
  page.route('https://cdn.workos.com/**', (route) =>
    missing !== undefined && route.request().url().endsWith(missing)
      ? route.fulfill({ status: 404, body: '' })
      : route.fulfill({ contentType: 'image/svg+xml', body: ICON }),
  );
