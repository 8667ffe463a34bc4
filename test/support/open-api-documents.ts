/** OpenAPI documents, parsed once: WorkOS's megabyte of YAML takes two seconds. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const WORKOS_SPECIFICATION = createRequire(import.meta.url).resolve(
  '@workos/openapi-spec/spec',
);

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/open-api/', import.meta.url));
const documents = new Map<string, unknown>();

/** The document in a YAML file, which all readers in a process share: do not change it. */
export function readOpenApi(file: string): unknown {
  const known = documents.get(file) ?? parsed(readFileSync(file, 'utf8'));
  documents.set(file, known);
  return known;
}

/** Parses, or reads what another process has parsed. */
function parsed(yaml: string): unknown {
  const cached = `${CACHE}${createHash('sha256').update(yaml).digest('hex')}.json`;
  try {
    return JSON.parse(readFileSync(cached, 'utf8'));
  } catch {
    const document: unknown = parse(yaml);
    mkdirSync(CACHE, { recursive: true });
    // Renaming is atomic, so that another process never reads half of it.
    writeFileSync(`${cached}.${process.pid}`, JSON.stringify(document));
    renameSync(`${cached}.${process.pid}`, cached);
    return document;
  }
}
