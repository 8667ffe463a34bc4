/** Ids in WorkOS's format: a prefix and a ULID, so that sorting by id sorts by creation time. */
import { randomBytes } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;

export type NewId = (prefix: string) => string;

/**
 * Creates the id generator of one fake. Ids strictly increase, even within a millisecond and when
 * the clock stops or goes back, because lists and their cursors are sorted by id.
 */
export function createIds(now: () => Date): NewId {
  let last = 0;
  return (prefix) => {
    last = Math.max(last + 1, now().getTime());
    return `${prefix}_${timePart(last)}${randomText(RANDOM_LENGTH)}`;
  };
}

/** Unguessable text for keys, tokens and request ids. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => CROCKFORD.charAt(byte % 32)).join('');
}

function timePart(milliseconds: number): string {
  let [rest, text] = [milliseconds, ''];
  for (let digit = 0; digit < TIME_LENGTH; digit++) {
    text = CROCKFORD.charAt(rest % CROCKFORD.length) + text;
    rest = Math.floor(rest / CROCKFORD.length);
  }
  return text;
}
