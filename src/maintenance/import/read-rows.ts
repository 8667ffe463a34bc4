import { z } from 'zod';
import { DomainName, TenantName } from '../../tenants/model/contract.ts';
import { issueText } from '../../core/issue-texts.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { ORGANIZATION_ID } from '../../workos/translate-ids.ts';
import { rawsOf, type Fault, type Raw } from './read-file.ts';

/** One tenant of the file. */
export interface ImportRow {
  readonly line: number;
  readonly tenantId: string;
  /** The organization to adopt; undefined to create one. */
  readonly organizationId: string | undefined;
  /** Undefined only for an adoption: the organization keeps its name. */
  readonly name: string | undefined;
  readonly domains: readonly string[];
}

export interface RowsRead {
  readonly rows: readonly ImportRow[];
  /** Sorted by line. If there are any, nothing may be imported. */
  readonly faults: readonly Fault[];
}

const Domains = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s;,]+/))])
  .transform((list) => list.filter((domain) => domain !== ''))
  .pipe(z.array(DomainName).max(50));

const orNothing = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) => (value === '' ? undefined : value),
    schema.nullish().transform((value) => value ?? undefined),
  );

const Row = z
  .strictObject({
    tenant_id: TenantId,
    organization_id: orNothing(
      z.string().regex(ORGANIZATION_ID, 'must be a WorkOS organization id: org_ and 26 characters'),
    ),
    name: orNothing(TenantName),
    domains: orNothing(Domains),
  })
  .refine(({ organization_id, name }) => organization_id !== undefined || name !== undefined, {
    message: 'needs an organization_id to adopt, or a name to create one',
    path: ['name'],
  });

/** Reads CSV with a line of headings, or JSON lines, in UTF-8, and checks the whole of it. */
export function readRows(file: Buffer): RowsRead {
  const faults: Fault[] = [];
  const raws = rawsOf(file, Object.keys(Row.shape), faults);
  const rows = raws.flatMap((raw) => rowOf(raw, faults));
  if (rows.length === 0 && faults.length === 0) faults.push({ line: 1, what: 'has no tenant' });
  faults.push(...repeated(rows, 'tenantId', 'tenant_id'));
  faults.push(...repeated(rows, 'organizationId', 'organization_id'));
  return { rows, faults: faults.sort((a, b) => a.line - b.line) };
}

function rowOf({ line, value }: Raw, faults: Fault[]): ImportRow[] {
  const parsed = Row.safeParse(value, { error: issueText });
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      faults.push({ line, what: [path[0], message].filter(Boolean).join(': ') });
    return [];
  }
  const { tenant_id: tenantId, organization_id: organizationId, name, domains = [] } = parsed.data;
  return [{ line, tenantId, organizationId, name, domains: [...new Set(domains)] }];
}

function repeated(
  rows: readonly ImportRow[],
  key: 'tenantId' | 'organizationId',
  column: string,
): Fault[] {
  const lines = new Map<string, number>();
  return rows.flatMap((row) => {
    const value = row[key];
    if (value === undefined) return [];
    const first = lines.get(value);
    if (first === undefined) lines.set(value, row.line);
    return first === undefined
      ? []
      : [{ line: row.line, what: `${column}: ${value} is in line ${first} already` }];
  });
}
