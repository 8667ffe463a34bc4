/** Reads the snippets of the documentation: every fenced block of every Markdown file for readers. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Snippet {
  /** `README.md:41`, of the fence. */
  readonly at: string;
  readonly file: string;
  /** The heading above it. */
  readonly heading: string;
  /** `ts`, `sh`, `python` …; empty for a block without a language, such as output. */
  readonly language: string;
  readonly code: string;
  /** Why it is not run: the comment `<!-- not run: … -->` above it. Null if it is run. */
  readonly notRun: string | null;
}

const FENCE = /^( *)```(\S*)[^\n]*\n(.*?)^\1```$/gms;
const NOT_RUN = /<!-- not run: ([^>]+?) -->\s*$/;

const FILES = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/${name}`),
];

export const readSnippets = (): Snippet[] =>
  FILES.flatMap((file) => snippetsOf(file, readFileSync(file, 'utf8')));

export const snippetsOf = (file: string, text: string): Snippet[] =>
  [...text.matchAll(FENCE)].map(({ index, 1: indent = '', 2: language = '', 3: code = '' }) => {
    const before = text.slice(0, index);
    return {
      ...{ file, language, at: `${file}:${before.split('\n').length}` },
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      heading: [...before.matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '',
      notRun: NOT_RUN.exec(before)?.[1] ?? null,
    };
  });
