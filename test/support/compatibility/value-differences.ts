/** Values that only one of WorkOS and the gateway takes or answers: null, and those of enums. */
import type { FieldDifference } from './field-differences.ts';
import type { Facts, Fields } from './facts.ts';

/** Of operations that both know; a reply differs only if it cannot hold what WorkOS answers. */
export const valueDifferences = (ours: Facts, theirs: Facts): FieldDifference[] =>
  Object.entries(theirs).flatMap(([operation, { query, body, reply }]) => {
    const mine = ours[operation];
    if (!mine) return [];
    return [
      ...ofRequest(mine.query, query),
      ...ofRequest(mine.body, body),
      ...ofReply(mine.reply, reply),
    ].map((difference) => ({ operation, difference }));
  });

function ofRequest(ours: Fields = {}, theirs: Fields = {}): string[] {
  return shared(ours, theirs).flatMap(([field, mine, other]) => {
    const name = `\`${field}\``;
    const [more, less] = valuesOf(mine, other);
    return [
      ...(isNullable(other) && !isNullable(mine) ? [`takes no null for ${name}`] : []),
      ...(isNullable(mine) && !isNullable(other) ? [`also takes null for ${name}`] : []),
      ...(more === ANY ? [`takes any text for ${name}`] : more.map(also(name))),
      ...(less === ANY ? [`takes only some values for ${name}`] : less.map(not(name))),
    ];
  });
}

const also = (name: string) => (value: string) => `also takes \`${value}\` for ${name}`;
const not = (name: string) => (value: string) => `takes no \`${value}\` for ${name}`;

function ofReply(ours: Fields = {}, theirs: Fields = {}): string[] {
  const missing = Object.keys(theirs).filter((field) => !(field in ours));
  const narrower = shared(ours, theirs).flatMap(([field, mine, other]) => {
    const [, less] = valuesOf(mine, other);
    return [
      ...(isNullable(other) && !isNullable(mine) ? [`never answers null for \`${field}\``] : []),
      ...(less === ANY ? [`answers only some values for \`${field}\``] : []),
      ...(less === ANY ? [] : less.map((value) => `never answers \`${value}\` for \`${field}\``)),
    ];
  });
  return [...missing.map((field) => `never answers \`${field}\``), ...narrower];
}

const shared = (ours: Fields, theirs: Fields): [string, string, string][] =>
  Object.entries(theirs).flatMap(([field, word]): [string, string, string][] => {
    const mine = ours[field];
    return mine === undefined || mine === word ? [] : [[field, mine, word]];
  });

const isNullable = (word: string): boolean => word.includes(' | null');

const ANY = 'any';

/** Values that the first takes beyond the second, and the reverse. */
function valuesOf(one: string, other: string): [typeof ANY | string[], typeof ANY | string[]] {
  const [mine, theirs] = [enumOf(one), enumOf(other)];
  if (!mine || !theirs) return [!mine && theirs ? ANY : [], mine && !theirs ? ANY : []];
  return [
    mine.filter((value) => !theirs.includes(value)),
    theirs.filter((value) => !mine.includes(value)),
  ];
}

/** Undefined: any value of the type. */
const enumOf = (word: string): string[] | undefined => /\[([^\]]+)\]/.exec(word)?.[1]?.split(' ');
