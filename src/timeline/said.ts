/** The longest text that is kept. */
const LONGEST = 300;
/** A run of letters and digits that may be a token, a code or a key. */
const TOKEN = /[\w~+=-]{24,}/g;
const EMAIL = /[^\s@<>"']+@[^\s@<>"']+/g;

/**
 * Makes a text of a browser, an identity provider or WorkOS fit to be stored and shown: one line, without
 * e-mail addresses, and without anything that may be a secret.
 */
export const clean = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Bidi_C}\p{Cs}]/gu, ' ')
    .replaceAll(EMAIL, '[e-mail]')
    .replaceAll(TOKEN, (run) => (isId(run) || isWord(run) ? run : '[removed]'))
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, LONGEST);

/** Ids of WorkOS's objects are no secrets. */
const isId = (run: string): boolean =>
  /^(conn|org|directory|event|org_domain|prof|we)_[0-9A-Za-z]{20,32}$/.test(run);

/** Code names and host names: lower-case words. */
const isWord = (run: string): boolean => /^[a-z]{1,20}([_-][a-z]{1,20})*$/.test(run);
