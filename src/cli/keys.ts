import type { Config } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { createSecretEncryption } from '../core/encryption.ts';
import { createSealedSecretStore } from '../webhooks/sealed-secrets-store.ts';
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
    summary: 'list GATEHOUSE_KEYS by key id, with their uses and the next step of a rotation',
    synopsis: [
      '[--json]',
      'Run it with the settings of the service. Exit code 1 if a needed key is missing.',
    ],
    operands: [],
    flags: {},
    run: async (_args, { db, config }) => {
      const encryption = createSecretEncryption(config.keys, 'webhook');
      return answer(keyUses(config.keys, encryption, await createSealedSecretStore(db).all()));
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

/** Logins in progress need a key too, but nothing stored shows them. The longest is a magic link, valid for a day. */
function nextStep(uses: readonly KeyUse[]): string {
  const missing = missingKeys(uses).map(({ key }) => key);
  if (missing.length > 0)
    return `Put back into GATEHOUSE_KEYS, last: ${missing.join(', ')}. If a key is lost, have the clients of these endpoints rotate their secrets.`;
  const others = uses.filter(({ state }) => state === 'other');
  if (others.length === 0)
    return 'To rotate: add a new key last, and roll that out to every replica and worker first.';
  const needed = others.filter(({ endpoints }) => endpoints > 0).map(({ key }) => key);
  if (needed.length > 0)
    return `Keep ${needed.join(', ')}: a worker encrypts these secrets again with the first key within two minutes.`;
  return `No stored secret needs ${others.map(({ key }) => key).join(', ')}. If it is a new key, put it first once every replica has it. If it was first before, remove it 25 hours after every replica has another key first (a magic link is valid for a day).`;
}
