/** The longest text that is kept, in characters. */
const LONGEST = 300;
/** Only so much is looked at: strangers choose the text, and a login waits meanwhile. */
const READ = 4 * LONGEST;
/** A word with an at sign, also a percent-encoded or a wide one. */
const EMAIL = /@|%40|[\uFF20\uFE6B]/i;
const JWT = /eyJ[\w-]*\.[\w-]*(?:\.[\w-]*)*/g;
/** A run of characters that may be a token, a code or a key. */
const RUN = /[\w~+/=.-]{24,}/g;

/**
 * Makes a text of a browser, an identity provider or WorkOS fit to be stored and shown: one line, without
 * e-mail addresses, and without anything that looks like a token, a code or a key.
 */
export function redact(text: string): string {
  const words = text
    .slice(0, READ)
    .replaceAll(/[\p{Cc}\p{Bidi_C}\p{Cs}]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
  return Array.from(words.map(withoutSecrets).join(' ')).slice(0, LONGEST).join('');
}

const withoutSecrets = (word: string): string =>
  EMAIL.test(word)
    ? '[e-mail]'
    : word
        .replaceAll(JWT, '[removed]')
        .replaceAll(RUN, (run) => (isId(run) || isReadable(run) ? run : '[removed]'));

/** Ids of WorkOS's objects are no secrets. */
const isId = (run: string): boolean =>
  /^(conn|org|directory|event|org_domain|prof|we)_[0-9A-Za-z]{20,32}\.?$/.test(run);

/**
 * True for code names, host names and paths: of words, each perhaps with a number behind it. A word of one case may be
 * longer, as German ones are; a key as long as that has digits or mixed case.
 */
const isReadable = (run: string): boolean =>
  run.split(/[/._-]+/).every((part) => /^(?:[A-Za-z]{0,20}|[A-Z]?[a-z]{0,40})\d{0,4}$/.test(part));
