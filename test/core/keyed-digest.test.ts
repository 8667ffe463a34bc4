import { describe, expect, it } from '@jest/globals';
import { createKeyedDigests } from '../../src/core/keyed-digest.ts';
import { Secret } from '../../src/core/secret.ts';

const keyOf = (byte: number) => new Secret(Buffer.alloc(32, byte).toString('base64'));
const digests = (keys: readonly number[], purpose = 'test') =>
  createKeyedDigests(keys.map(keyOf), purpose)('a text');

describe('keyed digests', () => {
  it('are equal in every process with the same key', () => {
    expect(digests([1])).toEqual(digests([1]));
  });

  it('differ by key and by purpose', () => {
    const all = [...digests([1]), ...digests([2]), ...digests([1], 'another')];

    expect(new Set(all).size).toBe(3);
  });

  it('begin with the current key, and hold those of the other keys', () => {
    expect(digests([2, 1])).toEqual([...digests([2]), ...digests([1])]);
  });

  it('need a key', () => {
    expect(() => digests([])).toThrow('There is no key');
  });
});
