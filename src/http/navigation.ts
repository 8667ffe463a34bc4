import { Problem } from '../core/problem.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

const text = (headers: Headers, name: string): string | undefined =>
  headers[name] as string | undefined;

/**
 * Refuses requests that are not a person opening a page: prefetches, frames, fetches by script.
 * Browsers send Fetch Metadata; requests without it are accepted.
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

/** Refuses prefetches and previews. @throws Problem `navigation-required` */
export function refusePrefetch(headers: Headers): void {
  const purposes = ['sec-purpose', 'purpose', 'x-moz'].map((name) => text(headers, name) ?? '');
  if (purposes.some((purpose) => /prefetch|prerender|preview/i.test(purpose))) throw notOpened();
}

/**
 * Refuses requests for a part of another page: an image, a frame, or what a script of another origin reads.
 *
 * @throws Problem `navigation-required`
 */
export function refuseEmbedded(headers: Headers): void {
  // A client that is no browser may send the mode alone, as Node's `fetch` does.
  const dest = text(headers, 'sec-fetch-dest') ?? 'document';
  const isOwnScript = dest === 'empty' && text(headers, 'sec-fetch-site') === 'same-origin';
  const isPart = dest !== 'document' && !isOwnScript;
  if (isPart || text(headers, 'sec-fetch-mode') === 'no-cors') throw notOpened();
}

/** Refuses requests by scripts of another origin; another port of this host is another origin. @throws Problem `navigation-required` */
export function refuseForeignScript(headers: Headers): void {
  const mode = text(headers, 'sec-fetch-mode') ?? 'navigate';
  if (mode !== 'navigate' && text(headers, 'sec-fetch-site') !== 'same-origin') throw notOpened();
}

const notOpened = () =>
  new Problem(
    'navigation-required',
    'This address has to be opened by a click, in a window of its own.',
  );

/** Refuses forms that another site submits with the visitor's cookies. @throws Problem `navigation-required` */
export function requireOwnForm(headers: Headers, publicUrl: string): void {
  const site = text(headers, 'sec-fetch-site');
  // Under `Referrer-Policy: no-referrer`, our own forms send `Origin: null`.
  const origin = text(headers, 'origin') ?? 'null';
  const isOwn =
    site === undefined ? origin === 'null' || origin === publicUrl : site === 'same-origin';
  if (!isOwn) throw new Problem('navigation-required', 'Another site has sent this form.');
}

export const comesFromAnotherSite = (headers: Headers): boolean =>
  text(headers, 'sec-fetch-site') === 'cross-site';
