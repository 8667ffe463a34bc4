/**
 * Writes workos-facts.json from a newer OpenAPI document of WorkOS:
 * `node test/support/compatibility/write-facts.ts open-api-spec.yaml 2026-08-07`
 */
import { writeFileSync } from 'node:fs';
import { readOpenApi } from '../open-api-documents.ts';
import { factsOf } from './facts.ts';
import type { Document } from './specification.ts';

const [file, date] = process.argv.slice(2);
if (file === undefined || date === undefined) throw new Error('Give the document and its date.');
const facts = factsOf(readOpenApi(file) as Document);
const lines = Object.entries(facts).map(
  ([operation, one]) => `    ${JSON.stringify(operation)}: ${JSON.stringify(one)}`,
);
const text = `{\n  "date": ${JSON.stringify(date)},\n  "operations": {\n${lines.join(',\n')}\n  }\n}\n`;
writeFileSync(new URL('workos-facts.json', import.meta.url), text);
