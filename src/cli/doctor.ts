import { overrideSettings } from '../config/config.ts';
import { runSingle, type Command, type CommandResult } from './command.ts';
import { runChecks, type Check, type Result } from './doctor/check.ts';
import { CLIENT_CHECKS } from './doctor/clients.ts';
import { DATABASE_CHECKS } from './doctor/database.ts';
import { DISK_CHECK } from './doctor/disk.ts';
import { MAIL_CHECKS } from './doctor/mail.ts';
import { namesCheck } from './doctor/names.ts';
import { OPERATION_CHECKS } from './doctor/operation.ts';
import { POOLER_CHECKS } from './doctor/pooler.ts';
import { RELEASES_CHECK } from './doctor/releases.ts';
import { SETTINGS_CHECKS } from './doctor/settings.ts';
import { SIGN_IN_CHECKS } from './doctor/sign-in.ts';
import { WORKOS_CHECKS } from './doctor/workos.ts';
import { TRACES_CHECK } from './doctor/traces.ts';
import { openWorld } from './doctor/world.ts';
import { counted, type Terminal } from './output.ts';

/** Every check, in the order of the output: what others depend on comes first. */
export const CHECKS: readonly Check[] = [
  ...SETTINGS_CHECKS,
  namesCheck(),
  ...DATABASE_CHECKS,
  DISK_CHECK,
  ...POOLER_CHECKS,
  ...WORKOS_CHECKS,
  ...SIGN_IN_CHECKS,
  ...CLIENT_CHECKS,
  ...MAIL_CHECKS,
  TRACES_CHECK,
  ...OPERATION_CHECKS,
  RELEASES_CHECK,
];

/** Node looks names up in four threads, and one that hangs keeps its thread: others would seem not to answer. */
const THREADS = '32';

const DOCTOR: Command<{ readonly terminal: Terminal }> = {
  summary: 'check settings, database, WorkOS, mail server and operation, and say what to do',
  synopsis: [
    '[--strict] [--json]',
    'Run it with the settings of the service. It prints a line per finding: ok, warning, fault or skipped. It changes',
    'nothing, sends no e-mail, makes about ten requests to WorkOS, and ends within half a minute, also without a database.',
    'Exit code 1 if there is a fault, or with --strict a warning.',
  ],
  operands: [],
  flags: { strict: 'switch' },
  forPeople: true,
  async run(args) {
    overrideSettings({ UV_THREADPOOL_SIZE: THREADS });
    const world = openWorld();
    try {
      return report(await runChecks(CHECKS, world), args.on('strict'));
    } finally {
      await world.close();
    }
  },
};

/** `gatehouse doctor` */
export const doctorCommand = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runSingle('doctor', DOCTOR, args, { terminal });

function report(results: readonly Result[], strict: boolean): CommandResult {
  const count = (level: Result['level']) => results.filter((one) => one.level === level).length;
  const [faults, warnings] = [count('fault'), count('warning')];
  const failed = faults > 0 || (strict && warnings > 0);
  return {
    data: { ok: !failed, faults, warnings, findings: results },
    text: results.map(lineOf).join(''),
    note: `${counted(faults, 'fault')}, ${counted(warnings, 'warning')}`,
    code: failed ? 1 : 0,
  };
}

const WIDTH = Math.max(...CHECKS.map(({ name }) => name.length));

const lineOf = ({ level, check, says, remedy }: Result): string =>
  `${level.padEnd(7)}  ${check.padEnd(WIDTH)}  ${says.endsWith('?') ? says : `${says}.`}${remedy === undefined ? '' : ` ${remedy}`}\n`;
