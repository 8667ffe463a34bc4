/** Names of shared parameters and responses. They do not depend on the order of the operations. */

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema?: { readonly description?: string };
}

interface Media {
  readonly schema?: { readonly $ref?: string };
}

export interface Response {
  readonly description: string;
  readonly content?: Readonly<Record<string, Media>>;
}

/** The two names that a component can have: it gets `exact` if another component wants the same short name. */
export interface Names {
  readonly short: string;
  readonly exact: string;
}

/** Chooses a name for each text. The last ones that want the same are numbered. */
export function assignNames(wanted: ReadonlyMap<string, Names>): Map<string, string> {
  const entries = [...wanted].sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(
    [...Map.groupBy(entries, ([, { short }]) => short)].flatMap(([short, rivals]) =>
      rivals.length === 1 ? named(rivals, short) : exactlyNamed(rivals),
    ),
  );
}

type Entry = readonly [text: string, Names];

const exactlyNamed = (rivals: readonly Entry[]) =>
  [...Map.groupBy(rivals, ([, { exact }]) => exact)].flatMap(([exact, equal]) =>
    named(equal, exact),
  );

const named = (entries: readonly Entry[], name: string) =>
  entries.map(([text], at) => [text, entries.length === 1 ? name : `${name}${at + 1}`] as const);

/** `UserToken`; where another parameter has that name too, `HeaderUserToken`. */
export function parameterNames({ name, in: place }: Parameter): Names {
  const short = pascal(name.replace(/^(X|Gatehouse)-/, ''));
  return { short, exact: pascal(place) + short };
}

/** Status → the codes that its errors have most often. */
export type UsualCodes = ReadonlyMap<string, readonly string[]>;

export function usualCodes(all: readonly (readonly [status: string, Response])[]): UsualCodes {
  const byStatus = Map.groupBy(all, ([status]) => status);
  return new Map(
    [...byStatus].map(([status, responses]) => [
      status,
      mostFrequent(responses.map(([, response]) => codesOf(response).join(' '))).split(' '),
    ]),
  );
}

/** If two are equally frequent, the one whose text sorts first wins. */
function mostFrequent(texts: readonly string[]): string {
  const groups = [...Map.groupBy(texts.toSorted(), (text) => text).values()];
  return groups.reduce((most, one) => (one.length > most.length ? one : most), [])[0] ?? '';
}

/**
 * A reply is called as its schema; an error as its code, or by its status and what sets its codes apart
 * from the usual ones of that status.
 */
export function responseNames(status: string, response: Response, usual: UsualCodes): Names {
  const codes = codesOf(response);
  const [code = '', ...others] = codes;
  if (code === '') return both(schemaOf(response) ?? `Answer${status}`);
  const suffix = SUFFIXES[Object.keys(response.content ?? {})[0] ?? ''] ?? '';
  if (others.length === 0) return both(pascal(code) + suffix);
  return severalErrors(`Errors${status}`, difference(codes, usual.get(status) ?? []), suffix);
}

const both = (name: string): Names => ({ short: name, exact: name });

interface Difference {
  readonly more: string;
  /** Begins with `Without`, unless it is empty. */
  readonly fewer: string;
}

/** @returns the first two codes that are not usual, and the first usual one that is missing */
function difference(codes: readonly string[], usual: readonly string[]): Difference {
  const missing = usual.find((code) => !codes.includes(code));
  const unusual = codes.filter((code) => !usual.includes(code));
  return {
    more: unusual.slice(0, 2).map(pascal).join(''),
    fewer: missing === undefined ? '' : `Without${pascal(missing)}`,
  };
}

const severalErrors = (prefix: string, { more, fewer }: Difference, suffix: string): Names => ({
  short: prefix + (more || fewer) + suffix,
  exact: prefix + more + fewer + suffix,
});

const SUFFIXES: Readonly<Record<string, string>> = {
  'application/problem+json': 'Problem',
  'text/html': 'Page',
};

const schemaOf = ({ content = {} }: Response): string | undefined =>
  Object.values(content)[0]?.schema?.$ref?.split('/').at(-1);

const codesOf = ({ description }: Response): string[] =>
  [...description.matchAll(/^`(\w+)`:/gm)].map(([, code = '']) => code);

const pascal = (text: string): string =>
  text
    .replaceAll(
      /[^A-Za-z0-9]*([A-Za-z0-9])([A-Za-z0-9]*)/g,
      (_all, head: string, tail: string) => head.toUpperCase() + tail,
    )
    .replaceAll(/[^A-Za-z0-9]/g, '');
