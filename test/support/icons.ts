import type { Page } from 'playwright-core';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="14" cy="14" r="11" fill="none" stroke="#0a6cff" stroke-width="6"/></svg>`;

/** Answers for WorkOS's CDN, which tests must not reach. There is no icon of Entra ID, as on a day when it fails. */
export const routeProviderIcons = (page: Page): Promise<unknown> =>
  page.route('https://cdn.workos.com/**', (route) =>
    route.request().url().endsWith('/azure.svg')
      ? route.fulfill({ status: 404, body: '' })
      : route.fulfill({ contentType: 'image/svg+xml', body: ICON }),
  );
