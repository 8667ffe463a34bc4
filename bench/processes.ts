/** Runs every part of the bench in its own process, so that CPU time is measured per part. */
import { fork, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './bundle.ts';

export interface Part {
  readonly pid: number;
  /** Sends a request over IPC and waits for the reply. */
  ask<T>(question: string, details?: object): Promise<T>;
  stop(): Promise<void>;
}

/** Figures from the probe, counted from the start of the process; the event-loop delay since the last read. */
export interface Usage {
  readonly cpuMicros: number;
  /** Of it, what the thread of JavaScript took: the rest collects garbage, compiles, and does the work of libuv. */
  readonly mainMicros: number;
  /** Of `cpuMicros`, what was spent in the kernel, of all threads. */
  readonly systemMicros: number;
  readonly rssMb: number;
  readonly peakMb: number;
  /** What keeps the process busy: sockets, timers, requests. */
  readonly handles: number;
  /** Listeners of `process`. */
  readonly listeners: number;
  readonly delayP99Ms: number;
}

export interface PartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Target of stdout. Default: discarded. */
  readonly log?: string;
}

interface Reply {
  readonly id: number;
  readonly answer: unknown;
  readonly failure?: string;
}

export interface Parts {
  start(file: string, options?: PartOptions): Part;
  stop(): Promise<void>;
}

/** Tracks the started processes, so that all of them end with the bench. */
export function createParts(): Parts {
  const parts: Part[] = [];
  return {
    start(file, options) {
      const part = startPart(file, options);
      parts.push(part);
      return part;
    },
    async stop() {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
}

const QUIET = ['--disable-warning=ExperimentalWarning'];
const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));

function startPart(file: string, { args = [], env = {}, log }: PartOptions = {}): Part {
  const child = fork(file, [...args], {
    env: { PATH: process.env.PATH, ...env },
    execArgv: [...QUIET, '--import', PROBE, ...nodeFlags(file), ...profiling(file)],
    stdio: ['ignore', log ? openSync(log, 'w') : 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  child.on('message', ({ id, answer, failure }: Reply) => {
    if (failure) waiting.get(id)?.reject(new Error(`${file}: ${failure}`));
    else waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  child.once('exit', (code) => {
    for (const one of waiting.values())
      one.reject(new Error(`${file} ended with ${String(code)} before it answered.`));
  });
  let asked = 0;
  return {
    pid: child.pid ?? -1,
    ask<T>(question: string, details: object = {}) {
      const one = Promise.withResolvers<unknown>();
      waiting.set((asked += 1), one);
      child.send({ id: asked, question, details });
      return one.promise as Promise<T>;
    },
    stop: () => ended(child),
  };
}

/** `BENCH_CPU_PROF=<directory>` writes a CPU profile of every measured program. */
const profiling = (file: string): string[] => {
  const directory = process.env.BENCH_CPU_PROF;
  return directory && file.endsWith('.mjs') ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
};

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Replies to IPC requests. Call it in a part only, because it also ends the process on SIGTERM. */
export function answer(handlers: Readonly<Record<string, (details: never) => unknown>>): void {
  process.on('message', ({ id, question, details }: Question) => {
    const handle = handlers[question];
    if (!handle) return;
    Promise.resolve(details as never)
      .then(handle)
      .then(
        (value) => process.send?.({ id, answer: value } satisfies Reply),
        (error: unknown) =>
          process.send?.({ id, answer: undefined, failure: String(error) } satisfies Reply),
      );
  });
  process.channel?.ref();
  process.once('SIGTERM', () => process.exit(0));
}

interface Question {
  readonly id: number;
  readonly question: string;
  readonly details: unknown;
}
