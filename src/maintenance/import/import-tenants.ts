import type { Actor } from '../../core/identity.ts';
import type { createPutTenant } from '../../tenants/put-tenant.ts';
import { organizationConflict } from '../../tenants/model/status.ts';
import type { Organizations } from '../../tenants/organizations/organizations.ts';
import { forPlatformTeam } from '../../workos/problems.ts';
import { createAttempts, type Attempts } from './attempts.ts';
import type { Fault } from './read-file.ts';
import type { ImportRow } from './read-rows.ts';

export interface ImportDeps {
  /** Resolves to false if the tenant exists: it was left as it is. */
  readonly put: (...args: Parameters<Put>) => Promise<boolean>;
  readonly organizations: Pick<Organizations, 'find'>;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  /** Called after each row that was carried out or failed. */
  readonly onRow: (isFailure: boolean) => void;
}

type Put = ReturnType<typeof createPutTenant>['put'];

export interface Imported {
  readonly imported: number;
  /** Rows whose tenant came into being after the plan, and was left as it is. */
  readonly kept: readonly Fault[];
  readonly failures: readonly Fault[];
  /** Why it stopped before the end; undefined if it did not, or was interrupted. */
  readonly stopped: string | undefined;
}

/** Rows in progress at once: each waits for WorkOS most of the time. */
const AT_ONCE = 12;

/**
 * Provisions the tenants, by the rules of PUT /v1/tenants/{tenant_id} for one that does not exist. A row that fails
 * stops no other, unless WorkOS refuses the key or does not work. Each row is committed by itself, so that a
 * repetition goes on where this one ended.
 */
export async function importTenants(
  deps: ImportDeps,
  rows: readonly ImportRow[],
): Promise<Imported> {
  const kept: Fault[] = [];
  const failures: Fault[] = [];
  let imported = 0;
  const attempts = createAttempts(deps.signal);
  const carryOut = async (row: ImportRow): Promise<void> => {
    const outcome = await attempts.at(() => put(deps, row));
    if (outcome === 'left') return;
    if (outcome === true) imported += 1;
    else if (outcome === false) kept.push({ line: row.line, what: keptOf(row) });
    else failures.push({ line: row.line, what: `${outcome.code}: ${forPlatformTeam(outcome)}` });
    deps.onRow(typeof outcome === 'object');
  };
  await eachOf(rows, carryOut, attempts);
  const byLine = (list: Fault[]) => list.sort((a, b) => a.line - b.line);
  return { imported, kept: byLine(kept), failures: byLine(failures), stopped: attempts.stopped() };
}

/** The first row goes alone: if WorkOS refuses the key or is down, one claim is left behind. */
async function eachOf(
  rows: readonly ImportRow[],
  carryOut: (row: ImportRow) => Promise<void>,
  { ended }: Pick<Attempts, 'ended'>,
): Promise<void> {
  const [first, ...others] = rows;
  if (first && !ended()) await carryOut(first);
  const rest = others.values();
  const work = async (): Promise<void> => {
    for (const row of rest) {
      if (ended()) return;
      await carryOut(row);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const keptOf = ({ tenantId }: ImportRow): string =>
  `the tenant ${tenantId} exists since a moment ago, and was left as it is`;

async function put(
  { put: putTenant, organizations, actor }: ImportDeps,
  row: ImportRow,
): Promise<boolean> {
  const { tenantId, organizationId, domains } = row;
  const name = row.name ?? (await nameOf(organizations, organizationId ?? ''));
  const wanted = domains.map((domain) => ({ domain, state: 'pending' }));
  return putTenant(
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
