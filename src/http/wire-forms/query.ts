import type { FieldError } from '../../core/problem.ts';
import type { UnknownField } from './fields.ts';
import { namesOrganization } from './organization-fields.ts';

/** The names whose values have another form than one text. */
export interface QueryNames {
  /** Names with a list of values, which are joined by commas. */
  readonly lists: readonly string[];
  /** Names with a map of texts, which becomes JSON. */
  readonly maps: readonly string[];
  /** Other names of parameters: alias → name. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Has all names as its keys, if others may be left out. */
  readonly known?: object | undefined;
}

/** One parameter as it was sent: `events[0]=x` is `{ index: '0', value: 'x' }`, `a[0][b]=x` has the property `b`. */
interface Part {
  /** The name as it was sent. */
  readonly name: string;
  /** The text between the brackets, or undefined without brackets. */
  readonly index: string | undefined;
  /** The text between further brackets. */
  readonly property: string | undefined;
  readonly value: string;
}

export interface ReadQuery {
  readonly values: Readonly<Record<string, string>>;
  /** Parameters that could be read in two ways, which have no value. */
  readonly faults: readonly FieldError[];
  /** Lists and maps of names that are not known. */
  readonly unknown: readonly UnknownField[];
}

/**
 * Reads a query. SDKs write a list as `a=1,2`, `a=1&a=2`, `a[]=1&a[]=2` or `a[0]=1&a[1]=2`, a list of
 * enums in PHP as `a[0][name]=One&a[0][value]=1`, and a map as `a[key]=1` or as JSON. Whatever the
 * form, the same values come of it, and only these are used afterwards. A mixture of forms is a fault,
 * because two components could read different values.
 */
export function readQuery(pairs: URLSearchParams, names: QueryNames): ReadQuery {
  const values = Object.create(null) as Record<string, string>;
  const faults: FieldError[] = [];
  const unknown: UnknownField[] = [];
  for (const [given, parts] of partsByName(pairs)) {
    const name = ownNameOf(given, names);
    const value = read(name, parts, names);
    const fault = typeof value === 'string' ? differing(name, value, values) : value;
    if (typeof value === 'string' && !fault) values[name] = value;
    else if (mayBeLeftOut(name, parts, names))
      unknown.push({ path: given, value: parts.map((part) => part.value) });
    else if (fault) faults.push({ field: (parts[0]?.name ?? given).slice(0, 64), ...fault });
  }
  return { values, faults, unknown };
}

const ownNameOf = (given: string, { aliases }: QueryNames): string =>
  Object.hasOwn(aliases, given) ? (aliases[given] ?? given) : given;

/** The name and an alias of it were given. */
const differing = (
  name: string,
  value: string,
  values: Readonly<Record<string, string>>,
): Fault | undefined =>
  (values[name] ?? value) === value
    ? undefined
    : { code: 'duplicate', message: `differs from ${name}` };

/** False for a name that speaks of an organization: rights may hang on any of its values. */
const mayBeLeftOut = (name: string, parts: readonly Part[], { known }: QueryNames): boolean =>
  known !== undefined &&
  !Object.hasOwn(known, name) &&
  !parts.some((part) => namesOrganization(part.name));

const BRACKETS = /^([^[\]]+)\[([^[\]]*)\](?:\[(.*)\])?$/;

function partsByName(pairs: URLSearchParams): Map<string, Part[]> {
  const parts = new Map<string, Part[]>();
  for (const [name, value] of pairs) {
    const [, base = name, index, property] = BRACKETS.exec(name) ?? [];
    const part = { name, index, property, value };
    const known = parts.get(base);
    if (known) known.push(part);
    else parts.set(base, [part]);
  }
  return parts;
}

type Fault = Pick<FieldError, 'code' | 'message'>;

function read(name: string, parts: readonly Part[], names: QueryNames): string | Fault {
  if (names.lists.includes(name)) return listOf(parts);
  if (names.maps.includes(name)) return mapOf(parts);
  if (parts.length === 1 && parts[0]?.index === undefined) return parts[0]?.value ?? '';
  if (parts.every(({ index }) => index === undefined)) return TWICE;
  return { code: 'invalid_value', message: 'must be one value, not a list or a map' };
}

const TWICE: Fault = { code: 'duplicate', message: 'was given twice' };

function listOf(given: readonly Part[]): string | Fault {
  // The name of an enum is PHP's own; its value is the one that WorkOS knows.
  const parts = given.filter(({ property }) => property !== 'name');
  const forms = new Set(parts.map(formOf));
  const isMixed = parts.length < given.length && !forms.has('enum');
  if (forms.size !== 1 || forms.has('other') || isMixed) return MIXED;
  if ((forms.has('number') || forms.has('enum')) && hasRepeatedIndex(parts)) return TWICE;
  return parts
    .map(({ value }) => value)
    .filter(Boolean)
    .join(',');
}

const MIXED: Fault = {
  code: 'invalid_value',
  message: 'must be a list in one form: a=1,2 or a=1&a=2 or a[]=1&a[]=2 or a[0]=1&a[1]=2',
};

function formOf({ index, property }: Part): 'plain' | 'empty' | 'number' | 'enum' | 'other' {
  if (index === undefined) return 'plain';
  if (index === '' && property === undefined) return 'empty';
  if (!/^\d{1,4}$/.test(index) || (property ?? 'value') !== 'value') return 'other';
  return property === undefined ? 'number' : 'enum';
}

const hasRepeatedIndex = (parts: readonly Part[]): boolean =>
  new Set(parts.map(({ index }) => index)).size < parts.length;

function mapOf(parts: readonly Part[]): string | Fault {
  const [first] = parts;
  if (parts.length === 1 && first && first.index === undefined) return first.value;
  if (parts.some(({ index, property }) => !index || property !== undefined))
    return { code: 'invalid_value', message: 'must be a map in one form: a[key]=1 or JSON' };
  if (hasRepeatedIndex(parts)) return TWICE;
  return JSON.stringify(Object.fromEntries(parts.map(({ index, value }) => [index, value])));
}
