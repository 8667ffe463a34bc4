import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../../core/identity.ts';
import { PROBLEMS, Problem } from '../../core/problem.ts';
import { fromPostgres } from '../../db/problems.ts';
import { aboutTheRequest, fromWorkos } from '../../workos/problems.ts';
import type { Organizations } from '../../tenants/organizations/organizations.ts';
import { organizationConflict } from '../../tenants/model/status.ts';
import type { createPutTenant } from '../../tenants/put-tenant.ts';
import type { Fault, ImportRow } from './read-rows.ts';

export interface ImportDeps {
  readonly put: ReturnType<typeof createPutTenant>['put'];
  readonly organizations: Pick<Organizations, 'find'>;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  /** Called after each row. */
  readonly onRow: (row: ImportRow, failure: Fault | undefined) => void;
}

/** Rows in progress at once: each waits for WorkOS most of the time. */
const AT_ONCE = 12;

/**
 * Provisions the tenants, by the rules of PUT /v1/tenants/{tenant_id}. A row that fails stops no other. Each row is
 * committed by itself, so that a repetition goes on where this one ended.
 *
 * @returns the rows that failed
 */
export async function importTenants(
  deps: ImportDeps,
  rows: readonly ImportRow[],
): Promise<Fault[]> {
  const failures: Fault[] = [];
  const rest = rows.values();
  const work = async (): Promise<void> => {
    for (const row of rest) {
      if (deps.signal.aborted) return;
      const failure = await importOne(deps, row);
      if (failure) failures.push(failure);
      deps.onRow(row, failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failures.sort((a, b) => a.line - b.line);
}

/** Longer than the lease of a claim, which a killed import leaves behind. */
const TRIES = 12;
const PAUSE_MS = 2_000;

async function importOne(deps: ImportDeps, row: ImportRow): Promise<Fault | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      await put(deps, row);
      return undefined;
    } catch (error) {
      const problem = problemOf(error);
      if (tries === TRIES || !isTransient(problem) || deps.signal.aborted)
        return { line: row.line, what: `${problem.code}: ${problem.message}` };
      const seconds = problem.retryAfter ?? 0;
      await sleep(Math.max(PAUSE_MS, seconds * 1_000) * (0.75 + Math.random() / 2));
    }
  }
}

async function put({ put: putTenant, organizations, actor }: ImportDeps, row: ImportRow) {
  const { tenantId, organizationId, domains } = row;
  const name = row.name ?? (await nameOf(organizations, organizationId ?? ''));
  const wanted = domains.map((domain) => ({ domain, state: 'pending' }));
  await putTenant(
    tenantId,
    { name, organizationId, ...(wanted.length > 0 && { domains: wanted }) },
    actor,
  );
}

/** An adopted organization keeps its name if the file has none. */
async function nameOf(
  organizations: ImportDeps['organizations'],
  organizationId: string,
): Promise<string> {
  const found = await organizations.find(organizationId);
  if (!found) throw organizationConflict('WorkOS does not know this organization.');
  return found.name;
}

const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : (aboutTheRequest(error) ??
      fromWorkos(error) ??
      fromPostgres(error) ??
      new Problem('internal', 'Unexpected error.', { cause: error }));

/** True if the same row may succeed later: another import or a killed one works on it, or something is down. */
const isTransient = ({ slug }: Problem): boolean =>
  slug === 'provisioning-in-progress' ||
  PROBLEMS[slug].status === 429 ||
  (PROBLEMS[slug].status > 501 && slug !== 'upstream-auth-failed' && slug !== 'upstream-forbidden');
