import { Problem } from '../problem.ts';

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
  const purpose = `${text(headers, 'sec-purpose') ?? ''} ${text(headers, 'purpose') ?? ''} ${text(headers, 'x-moz') ?? ''}`;
  const mode = text(headers, 'sec-fetch-mode') ?? 'navigate';
  const dest = text(headers, 'sec-fetch-dest') ?? 'document';
  if (/prefetch|prerender|preview/i.test(purpose) || mode !== 'navigate' || dest !== 'document') {
    throw new Problem(
      'navigation-required',
      'This address opens by a click, in a window of its own.',
    );
  }
}

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
