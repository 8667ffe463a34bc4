import type { Config } from '../config/config.ts';
import { utcTime } from '../console/times.ts';
import type { Database } from '../db/database.ts';
import { createSetupReader, type ReadOutcome } from '../setup/mirror/reader.ts';
import { createSetupStore } from '../setup/mirror/store.ts';
import type { TimelineEntry } from '../timeline/entry.ts';
import { findRequest, type RecordedRequest } from '../timeline/recorded-request-store.ts';
import { createTimeline } from '../timeline/timeline.ts';
import type { Finding } from '../timeline/verdict/facts.ts';
import { diagnose, type Verdict } from '../timeline/verdict/verdict.ts';
import { createTenantStore } from '../tenants/registry/store.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { runSingle, type Command, type CommandResult } from './command.ts';
import { printable, table, type Terminal } from './output.ts';
import { sinceOf } from './since.ts';
import { withUpstream } from './upstream.ts';

export interface WhyContext {
  readonly terminal: Terminal;
  readonly db: Database;
  /** Read for `--live` only. */
  readonly config: Config;
  readonly defaultSignInClient: string | undefined;
}

const WHY: Command<WhyContext> = {
  summary: 'say why a tenant cannot sign in, and what happened to it',
  synopsis: [
    '<tenant or reference> [--since <time or duration>] [--limit <entries>] [--cursor <cursor>] [--live] [--json]',
    'A reference is the id of a request, as a page or an error shows it: its tenant is found first.',
    'Prints the causes with their remedies, then the timeline, newest first. Exit code 1 if a cause blocks logins;',
    '0 if one only may block them: one person or a stranger can cause it too.',
    '--since 7d (the default), 90m, 24h, or 2030-01-31T12:00:00Z. --limit 1 to 200, 40 by default.',
    'Reads the database only. --live asks WorkOS for what the tenant has set up first.',
  ],
  operands: ['<tenant or reference>'],
  flags: { since: 'one', limit: 'one', cursor: 'one', live: 'switch' },
  run: why,
};

/** `gatehouse why <tenant or reference>` */
export const whyCommand = (args: readonly string[], context: WhyContext): Promise<number> =>
  runSingle('why', WHY, args, context);

async function why(args: Arguments, context: WhyContext): Promise<CommandResult> {
  const { db, defaultSignInClient } = context;
  const since = sinceOf(args.one('since') ?? '7d');
  const request = await requestOf(db, args.operand(0), since);
  const tenantId = request?.tenantId ?? args.operand(0);
  const query = { since, limit: limitOf(args), cursor: args.one('cursor') };
  const live = args.on('live') ? await readLive(tenantId, context) : undefined;
  const verdict = await diagnose(db, tenantId, { since, defaultSignInClient, live });
  const page = await createTimeline(db).read(tenantId, query).catch(orUsageError);
  return {
    data: {
      ...verdictData(verdict),
      request: request ? { tenant_id: tenantId, at: request.at, text: request.text } : null,
      checked: live === undefined ? 'database' : ASKED[live],
      timeline: page.entries.map(entryData),
      next: page.next,
    },
    text: `${requestText(request)}${verdictText(verdict, live)}${timelineText(page.entries)}`,
    note: page.next === null ? undefined : `older entries: --cursor ${page.next}`,
    ...(verdict.findings.some(({ severity }) => severity === 'blocks') && { code: 1 }),
  };
}

/** The request with this id, unless a tenant has the id. */
async function requestOf(
  db: Database,
  id: string,
  since: Date,
): Promise<RecordedRequest | undefined> {
  const tenant = await createTenantStore(db).byId(id);
  return tenant ? undefined : findRequest(db, id, since);
}

const requestText = (request: RecordedRequest | undefined): string =>
  request
    ? `${wrapped(printable(`A request of tenant ${request.tenantId} at ${utcTime(request.at)} UTC: ${request.text}.`), '')}\n`
    : '';

/** @throws UsageError */
function limitOf(args: Arguments): number {
  const limit = Number(args.one('limit') ?? 40);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    throw new UsageError('--limit must be a number from 1 to 200');
  return limit;
}

/** @throws UsageError for a cursor that is none */
function orUsageError(error: unknown): never {
  throw error instanceof RangeError
    ? new UsageError('--cursor is not one that was printed')
    : error;
}

const ASKED: Readonly<Record<ReadOutcome, string>> = {
  live: 'WorkOS',
  failed: 'WorkOS could not be asked',
  missing: 'WorkOS does not know the organization',
};

/** Brings the mirror of the tenant's organization up to date. */
async function readLive(tenantId: string, { db, config }: WhyContext): Promise<ReadOutcome> {
  const tenant = await createTenantStore(db).byId(tenantId);
  if (!tenant?.organizationId) return 'failed';
  const { organizationId } = tenant;
  return withUpstream({ db, config }, (upstream) =>
    createSetupReader({ upstream, store: createSetupStore(db) }).whole(organizationId),
  );
}

const verdictData = ({
  tenantId,
  name,
  status,
  sentence,
  findings,
  lastLogin,
  cutAt,
}: Verdict) => ({
  tenant_id: tenantId,
  name,
  status,
  verdict: sentence,
  causes: findings,
  last_login: lastLogin?.toISOString() ?? null,
  history_cut_at: cutAt?.toISOString() ?? null,
});

const entryData = ({ clientId, userId, requestId, ...entry }: TimelineEntry) => ({
  ...entry,
  client_id: clientId,
  user_id: userId,
  request_id: requestId,
});

function verdictText(
  { sentence, findings, cutAt }: Verdict,
  live: ReadOutcome | undefined,
): string {
  const asked = live === undefined ? '' : `Asked live: ${ASKED[live]}.\n`;
  const cut =
    cutAt === null
      ? ''
      : `Read back to ${utcTime(cutAt)} UTC only: more happened than is looked at.\n`;
  return `${asked}${cut}${wrapped(printable(sentence), '')}\n${findings.map(findingText).join('')}`;
}

/** Commands and requests are between backticks, which a console shows as code. */
const withoutMarks = (text: string): string => text.replaceAll('`', '');

const WORDS = { blocks: 'blocks', may_block: 'may block', warns: 'note' };

const findingText = ({ severity, cause, sentence, remedy, at }: Finding, index: number): string =>
  [
    `${index + 1}. ${WORDS[severity]}  ${cause}${at ? `  ${utcTime(at)}` : ''}\n`,
    wrapped(printable(sentence), '   '),
    wrapped(printable(`→ ${withoutMarks(remedy)}`), '   '),
    '\n',
  ].join('');

function timelineText(entries: readonly TimelineEntry[]): string {
  if (entries.length === 0) return 'Nothing happened to it in the period.\n';
  return table(
    ['time (UTC)', 'about', 'outcome', 'what'],
    entries.map(({ at, kind, outcome, text, count }) => [
      utcTime(at),
      kind,
      outcome,
      count > 1 ? `${text} ×${count}` : text,
    ]),
  );
}

const COLUMNS = 100;

/** Breaks a text into lines between words. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length > COLUMNS && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return `${[...lines, line.trimEnd()].join('\n')}\n`;
}
