import { Problem } from '../core/problem.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const text = (headers: Headers, name: string): string | undefined =>
  headers[name] as string | undefined;

/**
 * Refuses what is not a person opening a page: prefetches, frames, fetches by script. Browsers say
 * so by Fetch Metadata; where they say nothing, nothing is refused.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 * @throws Problem `navigation-required`
 */
export function requireNavigation(headers: Headers): void {
  refusePrefetch(headers);
  const mode = text(headers, 'sec-fetch-mode') ?? 'navigate';
  const dest = text(headers, 'sec-fetch-dest') ?? 'document';
  if (mode !== 'navigate' || dest !== 'document') throw notOpened();
}

/** Refuses what a browser loads in case that somebody opens it later. @throws Problem `navigation-required` */
export function refusePrefetch(headers: Headers): void {
  const purposes = ['sec-purpose', 'purpose', 'x-moz'].map((name) => text(headers, name) ?? '');
  if (purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))) throw notOpened();
}

/** Refuses what another page makes the browser load as a part of itself: an image, a frame. @throws Problem `navigation-required` */
export function refuseEmbedded(headers: Headers): void {
  const isPart = /^(?:i?frame|embed|object)$/.test(text(headers, 'sec-fetch-dest') ?? '');
  if (isPart || text(headers, 'sec-fetch-mode') === 'no-cors') throw notOpened();
}

const notOpened = () =>
  new Problem('navigation-required', 'This address opens by a click, in a window of its own.');

/** A form of ours, not one that another site submits with the visitor's cookies. @throws Problem `navigation-required` */
export function requireOwnForm(headers: Headers, publicUrl: string): void {
  const site = text(headers, 'sec-fetch-site');
  // Under `Referrer-Policy: no-referrer` a form of ours sends `Origin: null`.
  const origin = text(headers, 'origin') ?? 'null';
  const own =
    site === undefined ? origin === 'null' || origin === publicUrl : site === 'same-origin';
  if (!own) throw new Problem('navigation-required', 'This form was not ours.');
}

export const comesFromAnotherSite = (headers: Headers): boolean =>
  text(headers, 'sec-fetch-site') === 'cross-site';
