import { parse } from 'csv-parse/sync';
import { unknownWord } from '../../core/near-miss.ts';

export interface Fault {
  readonly line: number;
  readonly what: string;
}

/** A line of the file whose values are not checked yet. */
export interface Raw {
  readonly line: number;
  readonly value: unknown;
}

/**
 * Reads the lines of a file, with the columns that it names. A fault of the whole file is reported once.
 *
 * @param columns the known ones
 * @param faults the faults found are added to it
 */
export function rawsOf(file: Buffer, columns: readonly string[], faults: Fault[]): Raw[] {
  const text = textOf(file);
  const what = text === undefined ? NOT_UTF8 : faultOfForm(text);
  if (text === undefined || what !== undefined) {
    faults.push({ line: text === undefined ? lineNotUtf8(file) : 1, what: what ?? '' });
    return [];
  }
  return text.trimStart().startsWith('{')
    ? jsonLines(text, columns, faults)
    : csv(text, columns, faults);
}

const NOT_UTF8 = 'is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)';

/** Without a byte order mark. @returns undefined if it is not UTF-8 */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function lineNotUtf8(file: Buffer): number {
  let [line, from] = [1, 0];
  for (let end = file.indexOf('\n'); end >= 0; end = file.indexOf('\n', from)) {
    if (textOf(file.subarray(from, end)) === undefined) break;
    [line, from] = [line + 1, end + 1];
  }
  return line;
}

function faultOfForm(text: string): string | undefined {
  const [first = ''] = text.trimStart().split(/[\r\n]/, 1);
  if (first.startsWith('[')) return 'is a JSON array; give one JSON object a line';
  return !first.startsWith('{') && !first.includes(',') && /[;\t]/.test(first)
    ? 'the columns must be separated by commas, not by semicolons or tabs'
    : undefined;
}

function jsonLines(text: string, columns: readonly string[], faults: Fault[]): Raw[] {
  return text.split('\n').flatMap((content, index): Raw[] => {
    if (content.trim() === '') return [];
    const line = index + 1;
    try {
      const value = JSON.parse(content) as unknown;
      const found = faultsOfColumns(Object.keys(Object(value) as object), columns);
      faults.push(...found.map((what) => ({ line, what })));
      return found.length > 0 ? [] : [{ line, value }];
    } catch {
      faults.push({ line, what: 'is not valid JSON' });
      return [];
    }
  });
}

/** Lines of commas alone, which spreadsheets write after the last row, count as empty. */
const CSV = {
  ...{ info: true, bom: true, trim: true },
  ...{ skip_empty_lines: true, skip_records_with_empty_values: true },
};

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function csv(text: string, columns: readonly string[], faults: Fault[]): Raw[] {
  try {
    const [headings, ...records] = parse(text, CSV) as unknown as readonly CsvRecord[];
    const names = headings?.record ?? [];
    const found = faultsOfHeadings(names, columns);
    faults.push(...found.map((what) => ({ line: headings?.info.lines ?? 1, what })));
    if (found.length > 0) return [];
    return records.map(({ record, info }) => ({
      line: info.lines,
      value: Object.fromEntries(names.map((name, index) => [name, record[index]])),
    }));
  } catch (error) {
    const { lines = 1, code = '' } = error as { lines?: number; code?: string };
    faults.push({ line: lines, what: `is not valid CSV (${code})` });
    return [];
  }
}

function faultsOfHeadings(names: readonly string[], columns: readonly string[]): string[] {
  if (names.length === 0) return [];
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...(names.includes('tenant_id') ? [] : ['tenant_id: the first line must name the columns']),
    ...faultsOfColumns([...new Set(names)], columns),
    ...[...twice].map((name) => `the column ${JSON.stringify(name)} is there twice`),
  ];
}

const faultsOfColumns = (names: readonly string[], columns: readonly string[]): string[] =>
  names
    .filter((name) => !columns.includes(name))
    .map((name) => (name === '' ? 'a column has no name' : unknownWord('column', name, columns)));
