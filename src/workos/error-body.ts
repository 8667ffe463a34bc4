/** Reads from the body of an error of WorkOS what may be logged and passed on to the caller. */
import { isObject, type JsonObject } from '../core/json.ts';
import type { FailureFacts, RefusedField } from './failure.ts';
import { plainSentence } from './plain-sentence.ts';

export function refusalIn(value: JsonObject): Pick<FailureFacts, 'code' | 'said' | 'fields'> {
  const code = value.code ?? value.error;
  const said = plainSentence(value.message);
  const fields = fieldsOf(value.errors);
  return {
    ...(isCode(code) && { code }),
    ...(said !== undefined && { said }),
    ...(fields.length > 0 && { fields }),
  };
}

/** Part of an id or a secret: so many letters and digits in a row, with a digit among them. */
const RANDOM = /(?=[a-z]*\d)[a-z\d]{20}/i;

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w./[\]-]{1,80}$/.test(value) && !RANDOM.test(value);

/** Codes are recorded and answered. One with many digits could be a secret of the request or reply. */
const isCode = (value: unknown): value is string => isWord(value) && !/(?:\d\D*){4}/.test(value);

/** WorkOS's `errors`: `{field, code}`, `{code, message}` or `{instancePath}`. */
function fieldsOf(errors: unknown): RefusedField[] {
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 20).flatMap((error: unknown) => {
    if (!isObject(error)) return [];
    const field = fieldPath(error.field) || fieldPath(error.instancePath);
    const code = isCode(error.code) ? error.code : 'invalid_value';
    const said = plainSentence(error.message);
    return field || isCode(error.code) ? [{ field, code, said }] : [];
  });
}

/**
 * A field of WorkOS's, or its JSON pointer in the form of all other fields: `/targets/0/id` → `targets.0.id`.
 * It ends before the first name that is no word, e.g. a key of metadata: `/metadata/größe` → `metadata`.
 */
function fieldPath(path: unknown): string {
  if (typeof path !== 'string') return '';
  const names = path.startsWith('/') ? path.slice(1).split('/') : path.split('.');
  const end = names.findIndex((_, at) => !isWord(names.slice(0, at + 1).join('.')));
  return names.slice(0, end < 0 ? undefined : end).join('.');
}
