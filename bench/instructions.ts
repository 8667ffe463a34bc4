/** Counts the instructions of a process by `perf`, where the machine offers it: unlike time, they do not depend on what else runs. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** In user mode: the kernel's are hidden from most users. */
const EVENT = 'instructions:u';

export type CountInstructions = <T>(
  pid: number,
  work: () => Promise<T>,
) => Promise<{ readonly result: T; readonly instructions: number | undefined }>;

/** @returns undefined if there is no `perf`, or the processor shows no counters, as in most virtual machines */
export async function instructionCounter(event = EVENT): Promise<CountInstructions | undefined> {
  const isOffered = await new Promise<boolean>((resolve) => {
    execFile('perf', ['stat', '-x,', '-e', event, 'true'], (error, _out, counts) =>
      resolve(!error && counted(event, counts) !== undefined),
    );
  });
  return isOffered ? (pid, work) => countDuring(event, pid, work) : undefined;
}

async function countDuring<T>(event: string, pid: number, work: () => Promise<T>) {
  const perf = startPerf(event, pid);
  await perf.say('enable');
  const result = await work();
  await perf.say('disable');
  return { result, instructions: counted(event, await perf.end()) };
}

/** Attaches to a process without counting yet. */
function startPerf(event: string, pid: number) {
  const child: ChildProcess = spawn(
    'perf',
    ['stat', '-x,', '-e', event, '-p', String(pid), '--delay=-1', '--control=fd:3,4'],
    { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const [commands, acknowledged] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const ended = once(child, 'close');
  let counts = '';
  child.stderr?.on('data', (part: Buffer) => (counts += part.toString()));
  return {
    async say(command: 'enable' | 'disable') {
      commands.write(`${command}\n`);
      await Promise.race([once(acknowledged, 'data'), ended]);
    },
    async end() {
      child.kill('SIGINT');
      await ended;
      return counts;
    },
  };
}

/** From perf's CSV, among its messages. The first field is `<not supported>` or `<not counted>` where there is no counter. */
function counted(event: string, said: string): number | undefined {
  const line = said.split('\n').find((one) => one.includes(`,${event},`));
  const [count = ''] = line?.split(',') ?? [];
  return /^[\d.]+$/.test(count) ? Number(count) : undefined;
}
