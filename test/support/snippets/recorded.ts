/** What the SDKs of other languages sent when the snippets of docs/siblings.md were last run. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Recorded } from './sdk-world.ts';

export interface Recording {
  /** Of the snippets that ran. */
  readonly code: string;
  readonly requests: readonly Recorded[];
}

const FILE = 'test/support/snippets/recorded.json';

/** By the heading of the section. */
export const readRecorded = (): Readonly<Record<string, Recording>> =>
  existsSync(FILE)
    ? (JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, Recording>>)
    : {};

export const writeRecorded = (heading: string, recording: Recording): void => {
  const all = { ...readRecorded(), [heading]: recording };
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
};
