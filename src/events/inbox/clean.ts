/**
 * Makes JSON text acceptable to Postgres as jsonb. Text typed by people may contain NUL characters
 * and lone surrogates; Postgres rejects their escapes, and with them a whole page of events.
 */
export function clean(json: string): string {
  return /\\u(0000|d[89a-f])/i.test(json) ? JSON.stringify(cleaned(JSON.parse(json))) : json;
}

const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [cleanText(name), cleaned(inner)]),
  );
}
