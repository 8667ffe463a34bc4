import { readEndpoints, type EndpointHealth } from '../console/deliveries-store.ts';
import type { Database } from '../db/database.ts';
import { openJobs } from '../db/jobs.ts';
import { openRedelivery, type Redelivery } from '../maintenance/redelivery.ts';
import { DELIVERY_QUEUE, type DeliveryJob } from '../webhooks/delivery-jobs.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { runCommand, type Command, type CommandResult } from './command.ts';
import { operator } from './operator.ts';
import { counted, table, type Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
}

/** `gatehouse deliveries …`: the command line's counterpart of the console's page. */
export const deliveriesCommand = (args: readonly string[], context: Context): Promise<number> =>
  runCommand('deliveries', COMMANDS, args, context);

const COMMANDS: Readonly<Record<string, Command<Context>>> = {
  list: {
    summary: 'list the webhook endpoints and how their deliveries go, those that fail first',
    synopsis: ['[--json]', 'given up: among the last 10,000 deliveries whose retries are over.'],
    operands: [],
    flags: {},
    run: list,
  },
  replay: {
    summary: 'deliver one event to an endpoint again, or all events that it missed',
    synopsis: [
      '<endpoint id> --missed | --event <event id> [--json]',
      '--missed queues each event of the endpoint’s types since its creation that was neither delivered nor waits.',
      'The workers deliver them, with the rights of the endpoint’s client. Exit code 0 if nothing is left to queue, else 1.',
    ],
    operands: ['<endpoint id>'],
    flags: { missed: 'switch', event: 'one' },
    run: replay,
  },
};

async function list(_args: Arguments, { db }: Context): Promise<CommandResult> {
  const endpoints = await readEndpoints(db);
  return {
    data: { object: 'list', data: endpoints.map(view) },
    text:
      endpoints.length > 0
        ? table(
            ['id', 'client', 'origin', 'state', 'last attempt', 'waiting', 'given up'],
            endpoints.map((one) => [
              ...[one.id, one.clientId, one.origin, stateOf(one)],
              ...[one.lastAt, one.waiting, one.failed],
            ]),
          )
        : '',
    note: endpoints.length > 0 ? undefined : 'there is no webhook endpoint',
  };
}

const stateOf = ({ status, isFailing }: EndpointHealth): string =>
  status === 'enabled' ? (isFailing ? 'failing' : 'delivering') : status;

const view = (one: EndpointHealth) => ({
  id: one.id,
  client_id: one.clientId,
  origin: one.origin,
  state: stateOf(one),
  disabled_reason: one.disabledReason,
  last_attempt_at: one.lastAt?.toISOString() ?? null,
  last_outcome: one.lastOutcome,
  waiting: one.waiting,
  given_up: one.failed,
});

async function replay(args: Arguments, { db }: Context): Promise<CommandResult> {
  const eventId = args.one('event');
  if (args.on('missed') === (eventId !== undefined))
    throw new UsageError('give either --missed or --event <event id>');
  const jobs = openJobs<DeliveryJob>({ db, queue: DELIVERY_QUEUE });
  const redelivery = openRedelivery(db, jobs);
  const id = args.operand(0);
  try {
    return eventId === undefined
      ? await replayMissed(redelivery, id)
      : await replayOne(redelivery, id, eventId);
  } finally {
    await jobs.stop();
  }
}

async function replayMissed(redelivery: Redelivery, id: string): Promise<CommandResult> {
  const { count, isComplete } = await redelivery.missed(id, operator('deliveries replay'));
  return {
    data: { webhook_endpoint: id, queued: count, complete: isComplete },
    text: `${counted(count, 'delivery', 'deliveries')} due now.\n`,
    note: isComplete ? undefined : 'More were missed: repeat it when most of these are delivered.',
    code: isComplete ? 0 : 1,
  };
}

async function replayOne(
  redelivery: Redelivery,
  id: string,
  eventId: string,
): Promise<CommandResult> {
  const count = await redelivery.one(id, eventId, operator('deliveries replay'));
  return {
    data: { webhook_endpoint: id, queued: count, complete: count > 0 },
    text: count > 0 ? 'The delivery is due now.\n' : '',
    note: count > 0 ? undefined : NOTHING,
    code: count > 0 ? 0 : 1,
  };
}

const NOTHING =
  'Nothing was queued: there is no such event, it is not of the endpoint’s types, or its client may not read it.';
