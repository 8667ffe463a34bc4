/** Writes the part of docs/errors.md about Node. */
import type { Generation } from '../compatibility/call.ts';
import type { ErrorAnswer, Shown } from './shown.ts';

export interface Row {
  readonly code: string;
  /** What the caller has done; undefined for a failure that no request causes. */
  readonly what: string | undefined;
  readonly answer: ErrorAnswer;
  readonly shown: Readonly<Record<Generation, Shown>>;
}

/** The members of an SDK's error that come from the gateway, in the words of the page. */
export function partsOf(shown: Shown, { body }: ErrorAnswer): string[] {
  const problem = JSON.parse(body) as { code?: string; message?: string };
  return [
    ...(problem.message !== undefined && shown.message.includes(problem.message)
      ? ['message']
      : []),
    ...(shown.errors === undefined && codesOf(body).every((code) => shown.message.includes(code))
      ? ['codes of the fields']
      : []),
    ...(shown.code === undefined ? [] : ['`code`']),
    ...(shown.errors === undefined ? [] : ['`errors`']),
    ...(shown.error === undefined ? [] : ['`error`']),
    ...(shown.retryAfter === undefined ? [] : ['`retryAfter`']),
    ...(shown.rawData?.code === undefined ? [] : ['`rawData`']),
    ...(shown.requestID ? ['`requestID`'] : []),
  ];
}

/** None counts as none shown. */
const codesOf = (body: string): string[] => {
  const { errors = [] } = JSON.parse(body) as { errors?: { code: string }[] };
  return errors.length === 0 ? ['\0'] : errors.map(({ code }) => code);
};

export function nodeSection(rows: readonly Row[]): string {
  return `${shapes(rows)}

${messages(rows)}`;
}

/** Errors that an SDK shows in the same way. */
function shapes(rows: readonly Row[]): string {
  const groups = new Map<string, Set<string>>();
  for (const { code, answer, shown } of rows) {
    const cells = [7, 8, 11].map((generation) => cellOf(shown[generation as Generation], answer));
    const shape = `${answer.status} | ${cells.join(' | ')}`;
    groups.set(shape, (groups.get(shape) ?? new Set()).add(`\`${code}\``));
  }
  const lines = [...groups]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([shape, codes]) => `| ${shape} | ${[...codes].join(', ')} |`);
  return [
    '| status | SDK 7 | SDK 8 | SDK 11 | `code` |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const cellOf = (shown: Shown, answer: ErrorAnswer): string =>
  `\`${shown.class}\`: ${partsOf(shown, answer).join(', ') || 'nothing of the gateway’s'}`;

const HEAD = [
  '| `code` | what was done | the gateway’s `message` | `error.message` of SDK 11, if different |',
  '| --- | --- | --- | --- |',
];

function messages(rows: readonly Row[]): string {
  const lines = rows.map(({ code, what = '', answer, shown }) => {
    const { message = '' } = JSON.parse(answer.body) as { message?: string };
    const other = shown[11].message === message ? '' : inCell(shown[11].message);
    return `| \`${code}\` | ${what} | ${inCell(message)} | ${other} |`;
  });
  return [...HEAD, ...lines].join('\n');
}

const inCell = (text: string): string =>
  text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ↵ ')
    .replaceAll('|', '\\|');
