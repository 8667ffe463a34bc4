import { describe, expect, it } from '@jest/globals';
import { nearest, unknownWord } from '../../src/core/near-miss.ts';

const COMMANDS = ['serve', 'worker', 'clients', 'tenants', 'doctor', 'events', 'migrate'];

describe('nearest', () => {
  it.each([
    ['client', 'clients'],
    ['clinets', 'clients'],
    ['clint', 'clients'],
    ['TENANT', 'tenants'],
    ['docter', 'doctor'],
    ['mig', 'migrate'],
    ['evnts', 'events'],
  ])('finds for %s the candidate %s', (word, expected) => {
    expect(nearest(word, COMMANDS)).toBe(expected);
  });

  it.each(['', 'x', 'status', 'frobnicate', 'dogs', 'se'])('finds none for %j', (word) => {
    expect(nearest(word, COMMANDS)).toBeUndefined();
  });

  it('prefers the candidate with the fewest edits', () => {
    expect(nearest('--jsom', ['--jason', '--json'])).toBe('--json');
  });
});

describe('unknownWord', () => {
  it('names the word and its near miss', () => {
    expect(unknownWord('command', 'client', COMMANDS)).toBe(
      'unknown command "client"; did you mean "clients"?',
    );
    expect(unknownWord('command', 'status', COMMANDS)).toBe('unknown command "status"');
  });
});
