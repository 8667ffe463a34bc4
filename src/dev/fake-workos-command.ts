import { UsageError, type Arguments } from '../cli/arguments.ts';
import { runSingle, type Command, type CommandContext } from '../cli/command.ts';
import { json, type Terminal } from '../cli/output.ts';
import { startFakeWorkos, type FakeWorkos } from './fake-workos/server.ts';
import { FEED_DELAY_MS } from './workos.ts';

const FAKE_WORKOS: Command<CommandContext> = {
  summary: 'start only the fake WorkOS, for the tests of a service',
  operands: [],
  synopsis: [
    '[--port 8090] [--host 127.0.0.1] [--url ORIGIN] [--state FILE]',
    '[--api-key sk_…] [--client-id client_…] [--redirect-uri URI]…',
    '[--webhook-url URL --webhook-secret SECRET]',
    'Runs until Ctrl-C. --state keeps the data in a file; else it is lost. Without --redirect-uri any is allowed.',
    'Prints the URL, the API key and the client id. Faults and other controls: docs/fake-workos.md.',
  ],
  flags: {
    port: 'one',
    host: 'one',
    url: 'one',
    state: 'one',
    'api-key': 'one',
    'client-id': 'one',
    'redirect-uri': 'many',
    'webhook-url': 'one',
    'webhook-secret': 'one',
  },
  async run(args, { terminal }) {
    const fake = await start(args);
    terminal.out(terminal.shown && !args.on('json') ? welcome(fake) : json(facts(fake)));
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve).once('SIGTERM', resolve);
    });
    await fake.stop();
    return { data: { stopped: true }, text: '' };
  },
};

/** `gatehouse fake-workos`: runs until Ctrl-C. @returns exit code */
export const fakeWorkosCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('fake-workos', FAKE_WORKOS, args, { terminal });

async function start(args: Arguments): Promise<FakeWorkos> {
  const port = Number(args.one('port') ?? 8090);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port must be a port');
  const [webhook, secret] = [args.one('webhook-url'), args.one('webhook-secret')];
  if ((webhook === undefined) !== (secret === undefined))
    throw new UsageError('--webhook-url and --webhook-secret belong together');
  const given = {
    host: args.one('host'),
    url: args.one('url'),
    apiKey: args.one('api-key'),
    clientId: args.one('client-id'),
    stateFile: args.one('state'),
  };
  const fake = await startFakeWorkos({
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    port,
    redirectUris: args.many('redirect-uri') ?? [],
    webhookEndpoints: webhook && secret ? [{ url: webhook, secret }] : [],
    httpControls: true,
  });
  fake.delayEventFeed(FEED_DELAY_MS);
  return fake;
}

const facts = ({ url, apiKey, clientId }: FakeWorkos) => ({ url, apiKey, clientId });

const welcome = ({ url, apiKey, clientId }: FakeWorkos): string => `The fake WorkOS is running.

  URL         ${url}
  API key     ${apiKey}
  Client id   ${clientId}

Try:

  curl -s ${url}/organizations -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '{"name":"Acme"}'

  curl -s ${url}/_fake/fault -H 'Authorization: Bearer ${apiKey}' \\
    -d '["POST /portal/generate_link", {"kind":"status","status":503}, {"times":1}]'

  curl -s ${url}/_fake/requests -H 'Authorization: Bearer ${apiKey}'

Press Ctrl-C to stop it.
`;
