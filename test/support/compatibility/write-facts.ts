/**
 * Writes workos-facts.json from a newer OpenAPI document of WorkOS:
 * `node test/support/compatibility/write-facts.ts open-api-spec.yaml 2026-08-07`
 */
import { readOpenApi } from '../open-api-documents.ts';
import { factsOf } from './facts.ts';
import { writeFacts } from './facts-file.ts';
import type { Document } from './specification.ts';

const [file, date] = process.argv.slice(2);
if (file === undefined || date === undefined) throw new Error('Give the document and its date.');
writeFacts(date, factsOf(readOpenApi(file) as Document));
