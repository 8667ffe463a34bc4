import { createHash } from 'node:crypto';
import { textOn } from './color.ts';
import { stylesheetOf } from './stylesheet.ts';

const PAGES = '/assets';

/** A file that the pages load. Its name changes with its content, so browsers may cache it for ever. */
export interface Asset {
  readonly path: string;
  readonly contentType: string;
  readonly body: string;
}

/** @param more rules that follow those of the pages @param base where the files of the pages are served */
export const stylesheetAsset = (brandColor: string, more = '', base = PAGES): Asset =>
  asset(base, 'css', 'text/css; charset=utf-8', stylesheetOf(brandColor) + more);

/** A gate in the brand's colour. Without an icon, browsers request /favicon.ico and log its 404. */
export const iconAsset = (brandColor: string, base = PAGES): Asset =>
  asset(
    base,
    'svg',
    'image/svg+xml',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${brandColor}"/><path d="M8 25V15a8 8 0 0 1 16 0v10M16 8v17M8 18h16" fill="none" stroke="${textOn(brandColor)}" stroke-width="2.5" stroke-linecap="round"/></svg>`,
  );

function asset(base: string, extension: string, contentType: string, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  return { path: `${base}/gatehouse-${hash}.${extension}`, contentType, body };
}
