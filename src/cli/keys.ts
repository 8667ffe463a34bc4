import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { createSecretEncryption } from '../core/encryption.ts';
import { readSealedSecrets } from '../webhooks/messages-store.ts';
import { keyUses, missingKeys, type KeyUse } from '../webhooks/sealing-keys.ts';
import { runCommand, type CommandResult, type Command } from './command.ts';
import { table, type Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
  readonly config: Config;
}

/** `gatehouse keys …` */
export const keysCommand = (args: readonly string[], context: Context): Promise<number> =>
  runCommand('keys', COMMANDS, args, context);

const COMMANDS: Readonly<Record<string, Command<Context>>> = {
  list: {
    summary:
      'the keys of GATEHOUSE_KEYS by their ids, what needs each, and the next step of a rotation',
    synopsis: [
      '[--json]',
      'Run it with the settings of the service. Ends with 1 if a key is missing that something needs.',
    ],
    operands: [],
    flags: {},
    run: async (_args, { db, config }) => {
      const encryption = createSecretEncryption(config.keys, 'webhook');
      return answer(keyUses(config.keys, encryption, await readSealedSecrets(db)));
    },
  },
};

const answer = (uses: readonly KeyUse[]): CommandResult => ({
  data: { keys: uses, next: nextStep(uses) },
  text: table(
    ['key', 'state', 'endpoints'],
    uses.map(({ key, state, endpoints }) => [key, state, endpoints]),
  ),
  note: nextStep(uses),
  code: missingKeys(uses).length > 0 ? 1 : 0,
});

/** Logins in flight need a key too, and nothing stored tells of them: a magic link lives for a day. */
function nextStep(uses: readonly KeyUse[]): string {
  const missing = missingKeys(uses).map(({ key }) => key);
  if (missing.length > 0)
    return `Put back into GATEHOUSE_KEYS, last: ${missing.join(', ')}. If a key is lost, have the clients of these endpoints rotate their secrets.`;
  const others = uses.filter(({ state }) => state === 'other');
  if (others.length === 0)
    return 'To rotate: add a new key last, and roll that out to every replica and worker first.';
  const needed = others.filter(({ endpoints }) => endpoints > 0).map(({ key }) => key);
  if (needed.length > 0)
    return `Keep ${needed.join(', ')}: a worker seals these secrets anew with the first key within two minutes.`;
  return `No stored secret needs ${others.map(({ key }) => key).join(', ')}. A key that is new: once every replica has it, put it first. A key that was first before: it may go 25 hours after every replica has another first (a magic link lives for a day).`;
}
