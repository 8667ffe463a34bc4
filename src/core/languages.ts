/** The languages of the pages. A new one needs its texts in `pages/texts/`. */
export const LANGUAGES = ['en', 'de', 'fr'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Used if the browser wants none of them. */
export const DEFAULT_LANGUAGE: Language = 'en';
