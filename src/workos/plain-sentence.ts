const WORD = "(?:[a-z_]{1,30}(?:'[a-z]{1,2})?|e-mails?)";
const ABBREVIATION = '[A-Z]{2,5}s?';
const SMALL_NUMBER = '\\d{1,3}';
const SENTENCE = `(?:[A-Z][a-z]{0,15}|${ABBREVIATION})(?:,? (?:${WORD}|${ABBREVIATION}|${SMALL_NUMBER}|WorkOS))+`;
const PLAIN = new RegExp(`^${SENTENCE}(?:[.;] ${SENTENCE})*\\.?$`);

/**
 * Returns WorkOS's message if it consists of plain words. One that could quote something (an id, an
 * address, a name, a domain, a code) is undefined, because it may be another tenant's or a secret.
 */
export function plainSentence(message: unknown): string | undefined {
  if (typeof message !== 'string' || message.length > 200) return undefined;
  return PLAIN.test(message) ? message : undefined;
}
