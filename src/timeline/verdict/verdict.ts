import type { Database } from '../../db/database.ts';
import type { Finding, Severity } from './facts.ts';
import { readFacts, type FactsQuery } from './facts-store.ts';
import { LAUNCH_CAUSES } from './launch-causes.ts';
import { SETUP_CAUSES } from './setup-causes.ts';
import { SYSTEM_CAUSES } from './system-causes.ts';
import { TENANT_CAUSES } from './tenant-causes.ts';
import { TROUBLE_CAUSES } from './trouble-causes.ts';

/** Why a tenant's users cannot sign in, as far as the database shows it. */
export interface Verdict {
  readonly tenantId: string;
  readonly name: string | null;
  readonly status: string | null;
  /** One sentence for people, without the cause. */
  readonly headline: string;
  /** The same with the first cause. */
  readonly sentence: string;
  /** Causes, those that block first, and of these the ones that explain most. */
  readonly findings: readonly Finding[];
  /** When a login last succeeded within the period. Null if none did. */
  readonly lastLogin: Date | null;
  /** Where the history that was read begins, if there is more of it in the period. Null if all of it was read. */
  readonly cutAt: Date | null;
}

const CAUSES = [
  ...TENANT_CAUSES,
  ...SETUP_CAUSES,
  ...LAUNCH_CAUSES,
  ...TROUBLE_CAUSES,
  ...SYSTEM_CAUSES,
];

/** Reads the database only. Takes a bounded time. */
export async function diagnose(
  db: Database,
  tenantId: string,
  query: FactsQuery,
): Promise<Verdict> {
  const facts = await readFacts(db, tenantId, query);
  const found = CAUSES.flatMap((cause) => cause(facts));
  const findings = ranked(found);
  const logins = facts.successes.filter(({ operation }) => operation === 'exchangeSsoCode');
  const lastLogin = logins.map(({ at }) => at).sort((a, b) => b.getTime() - a.getTime())[0] ?? null;
  const headline = headlineOf(tenantId, findings, lastLogin);
  const [first] = findings;
  const sentence = first && first.severity !== 'warns' ? `${headline} ${first.sentence}` : headline;
  const { name = null, status = null } = facts.tenant ?? {};
  return { tenantId, name, status, headline, sentence, findings, lastLogin, cutAt: facts.cutAt };
}

/** Findings of one cause that are kept: each client has its own. */
const OF_ONE_CAUSE = 3;

/** The findings of a cause, or the first few with the number of the others. */
function few(same: readonly Finding[]): readonly Finding[] {
  const others = same.length - OF_ONE_CAUSE;
  if (others < 1) return same;
  const noun = others === 1 ? 'client has' : 'clients have';
  return same
    .slice(0, OF_ONE_CAUSE)
    .map((one, index) =>
      index === OF_ONE_CAUSE - 1
        ? { ...one, sentence: `${one.sentence} ${others} more ${noun} the same trouble.` }
        : one,
    );
}

/** Orders the findings by severity. Beside a cause that blocks, one that only may block becomes a warning. */
function ranked(all: readonly Finding[]): Finding[] {
  const kinds = Map.groupBy(all, ({ cause, severity }) => `${cause} ${severity}`);
  const found = [...kinds.values()].flatMap(few);
  const of = (wanted: Severity) => found.filter(({ severity }) => severity === wanted);
  const blocking = of('blocks');
  const possible = of('may_block').map((one) =>
    blocking.length > 0 ? { ...one, severity: 'warns' as const } : one,
  );
  return [...blocking, ...possible, ...of('warns')];
}

function headlineOf(tenantId: string, [first]: readonly Finding[], lastLogin: Date | null): string {
  if (first?.severity === 'blocks') return `${tenantId} cannot sign in.`;
  if (first?.severity === 'may_block') return `It is not certain that ${tenantId} can sign in.`;
  const login = lastLogin
    ? `its last login succeeded at ${lastLogin.toISOString()}`
    : 'no login succeeded in the period';
  return `Gatehouse knows of nothing that keeps ${tenantId} from signing in; ${login}.`;
}
