/** `gatehouse events parked …`: handles events that cannot be applied, and input that cannot be read as one. */
import type { Database } from '../db/database.ts';
import { fromPostgres } from '../db/problems.ts';
import { listParked, type Parked } from '../events/inbox/parked-store.ts';
import { dropParked, retryParked } from '../maintenance/parked-events.ts';
import { describeCause } from '../core/describe-cause.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { CommandGroup, CommandResult, Commands } from './command.ts';
import { operator } from './operator.ts';
import { table, type Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
}

const MOST = 1_000;

const WHICH = { id: 'many', all: 'switch' } as const;

const COMMANDS: Commands<Context> = {
  list: {
    summary: 'list parked events, oldest first',
    synopsis: [
      '[--json]',
      `At most ${MOST}. failed: an event that could not be applied; unreadable: input that this release cannot read as an event.`,
      'Other events do not wait for them. The metric gatehouse_events_parked counts them.',
    ],
    operands: [],
    flags: {},
    run: list,
  },
  retry: {
    summary: 'retry them, after the cause is fixed',
    synopsis: [
      '--id <id>… | --all [--json]',
      'The worker retries a failed event and parks it again if it still fails. An unreadable one is read again at once.',
      'Exit code 0 if all are retried, else 1.',
    ],
    operands: [],
    flags: WHICH,
    run: (args, context) => onEach(args, context, 'retry', retry),
  },
  drop: {
    summary: 'discard them: they are never applied or delivered, and not taken in again',
    synopsis: ['--id <id>… | --all [--json]', 'Exit code 0 if all are dropped, else 1.'],
    operands: [],
    flags: WHICH,
    run: (args, context) => onEach(args, context, 'drop', giveUp),
  },
};

export const PARKED: CommandGroup<Context> = {
  summary: 'list, retry or drop events that could not be applied or read',
  commands: COMMANDS,
  standard: 'list',
};

async function list(_args: Arguments, { db }: Context): Promise<CommandResult> {
  const parked = await listParked(db, undefined, MOST);
  return {
    data: { object: 'list', data: parked.map(view) },
    text:
      parked.length > 0
        ? table(
            ['id', 'kind', 'event', 'organization', 'since', 'why'],
            parked.map((one) => [
              ...[one.id, one.kind, one.event, one.organizationId, one.at, one.reason],
            ]),
          )
        : '',
    note: parked.length > 0 ? 'retry or drop them with --id or --all' : 'no event is parked',
  };
}

const view = ({ id, kind, event, organizationId, source, reason, at }: Parked) => ({
  id,
  kind,
  event,
  organization_id: organizationId,
  source,
  reason,
  parked_at: at.toISOString(),
});

type Act = (db: Database, parked: Parked) => Promise<string | undefined>;

const retry: Act = (db, parked) => retryParked(db, parked, operator('events parked retry'));
const giveUp: Act = (db, parked) => dropParked(db, parked, operator('events parked drop'));

/** A failure does not stop the others. @throws the database's error if it is unavailable */
async function outcomeOf(act: Act, db: Database, parked: Parked): Promise<string | undefined> {
  try {
    return await act(db, parked);
  } catch (error) {
    if (fromPostgres(error)) throw error;
    return `failed: ${describeCause(error)}`;
  }
}

const RETRIED =
  'the worker retries them now; one that fails again is parked again within a minute, see gatehouse events parked list';

async function onEach(
  args: Arguments,
  { db }: Context,
  verb: 'retry' | 'drop',
  act: Act,
): Promise<CommandResult> {
  const ids = args.many('id');
  if (args.on('all') === (ids !== undefined))
    throw new UsageError('give either --id <id> (repeatable) or --all');
  const parked = await listParked(db, ids, MOST);
  const outcomes: { id: string; problem: string | undefined }[] = (ids ?? [])
    .filter((id) => !parked.some((one) => one.id === id))
    .map((id) => ({ id, problem: 'is not parked' }));
  for (const one of parked) outcomes.push({ id: one.id, problem: await outcomeOf(act, db, one) });
  const done = outcomes.filter(({ problem }) => problem === undefined).map(({ id }) => id);
  const failed = outcomes.filter(({ problem }) => problem !== undefined);
  return {
    data: { [verb === 'retry' ? 'retried' : 'dropped']: done, failed },
    text: table(
      ['id', 'outcome'],
      outcomes.map(({ id, problem }) => [
        id,
        problem ?? (verb === 'retry' ? 'retried' : 'dropped'),
      ]),
    ),
    note: verb === 'retry' && done.length > 0 ? RETRIED : undefined,
    ...(failed.length > 0 && { code: 1 }),
  };
}
