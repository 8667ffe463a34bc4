/**
 * JSON text that Postgres takes as jsonb: what people type may hold NUL and halves of surrogate
 * pairs, which come out as escapes, and would keep a whole page of events from being stored.
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
