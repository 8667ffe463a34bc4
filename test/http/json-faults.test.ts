import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonFault, repeatedName } from '../../src/http/json-faults.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** True if all of the text was read as JSON. */
const isEnd = (text: string): boolean => jsonFault(text).startsWith('it ends too early');

describe('the place of a fault in JSON', () => {
  it.each([
    ['{"name": "Acme"', 'it ends too early at line 1, column 16; a comma or } is expected'],
    ['{"a": 1,}', 'at line 1, column 9, a name in double quotes is expected'],
    ['[1, 2,]', 'at line 1, column 7, a value (text needs double quotes) is expected'],
    ['{\n  "a": 1\n  "b": 2\n}', 'at line 3, column 3, a comma or } is expected'],
    ["{'a': 1}", 'at line 1, column 2, a name in double quotes, or } is expected'],
    ['{"a" 1}', 'at line 1, column 6, a colon is expected'],
    ['{"a": acme}', 'at line 1, column 7, a value (text needs double quotes) is expected'],
    ['{"a": undefined}', 'at line 1, column 7, a value (text needs double quotes) is expected'],
    ['{"a": 01}', 'at line 1, column 7, a value (text needs double quotes) is expected'],
    ['{"a": 1} {"b": 2}', 'at line 1, column 10, the end of the body is expected'],
    [
      '{"a": "x}',
      'the string that begins at line 1, column 7 has no end, a raw line break, or an unknown escape',
    ],
    [
      '{"a": "x\ny"}',
      'the string that begins at line 1, column 7 has no end, a raw line break, or an unknown escape',
    ],
    ['name=Acme', 'at line 1, column 1, a value (text needs double quotes) is expected'],
    ['\ufeff{}', 'it begins with a byte order mark'],
  ])('of %j is named', (text, fault) => {
    expect(isJson(text)).toBe(false);
    expect(jsonFault(text)).toBe(fault);
  });

  it('is found where JSON.parse finds one, and only there', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '-',
      ' ',
      '1',
      '0',
      '.',
    );
    const words = fc.constantFrom('\n', 'e', '+', '"a"', 'true', 'null', '\\u00', '{"a":');
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, words), { maxLength: 12 }), (parts) => {
        const text = parts.join('');

        expect(jsonFault(text).endsWith('the end of the body is expected') && isEnd(text)).toBe(
          isJson(text),
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is found at once, however deep or long the text is', () => {
    expect(jsonFault('['.repeat(60_000))).toMatch('column 60001; a value or ]');
    expect(jsonFault(`"${'x'.repeat(60_000)}`)).toMatch('column 1 has no end');
  });
});

describe('a name that JSON repeats', () => {
  it.each([
    ['{"a": 1, "a": 2}', '"a" at line 1, column 10'],
    ['{"a": {"b": [1, {"c": 1,\n"c": 2}]}, "d": 1}', '"c" at line 2, column 1'],
    ['{"tenant_id": 1, "tenant\\u005fid": 2}', '"tenant_id" at line 1, column 18'],
    ['[{"a": "a"}, {"a": "a", "b": 1, "a": 2}]', '"a" at line 1, column 33'],
  ])('of %j is named', (text, name) => {
    expect(repeatedName(text)).toBe(name);
  });
});
