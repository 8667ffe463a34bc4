/** How facts are kept in workos-facts.json: a line per operation and per reply, which operations share. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Facts, Fields, OperationFacts } from './facts.ts';

const FILE = new URL('workos-facts.json', import.meta.url);

interface Stored {
  /** When WorkOS published the document. */
  readonly date: string;
  readonly operations: Readonly<
    Record<string, Omit<OperationFacts, 'reply'> & { readonly reply?: number }>
  >;
  readonly replies: readonly Fields[];
}

export function readFacts(): { readonly date: string; readonly facts: Facts } {
  const { date, operations, replies } = JSON.parse(readFileSync(FILE, 'utf8')) as Stored;
  const facts = Object.entries(operations).map(([name, { reply, ...request }]) => {
    const fields = reply === undefined ? undefined : replies[reply];
    return [name, { ...request, ...(fields && { reply: fields }) }];
  });
  return { date, facts: Object.fromEntries(facts) as Facts };
}

export function writeFacts(date: string, facts: Facts): void {
  const replies: string[] = [];
  const indexOf = (reply: Fields): number => {
    const text = JSON.stringify(reply);
    if (!replies.includes(text)) replies.push(text);
    return replies.indexOf(text);
  };
  const operations = Object.entries(facts).map(([name, { reply, ...request }]) => {
    const stored = { ...request, ...(reply && { reply: indexOf(reply) }) };
    return `${JSON.stringify(name)}: ${JSON.stringify(stored)}`;
  });
  writeFileSync(
    FILE,
    `{
  "date": ${JSON.stringify(date)},
  "operations": {
    ${operations.join(',\n    ')}
  },
  "replies": [
    ${replies.join(',\n    ')}
  ]
}
`,
  );
}
