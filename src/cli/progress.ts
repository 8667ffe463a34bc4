import { json, type Terminal } from './output.ts';

export interface Progress {
  add(isFailure: boolean): void;
  done(): number;
  end(): void;
}

const WIDTH = 30;
/** How often a program gets a line, and a person a new bar. */
const LINE_MS = 5_000;
const BAR_MS = 100;

type ProgressTerminal = Pick<Terminal, 'attended' | 'shown' | 'err'>;

/** Somebody reads what the command writes. */
const isWatched = ({ attended, shown }: ProgressTerminal): boolean => attended && shown;

/** A line on the terminal that says how far a command is. It is never written into a file. */
export function progressLine(terminal: ProgressTerminal) {
  const write = (text: string): void => {
    if (isWatched(terminal)) terminal.err(`\r\x1b[K${text}`);
  };
  return { show: write, clear: () => write('') };
}

/** Shows on stderr how far a long command is: a bar for a person, JSON lines for a program. */
export function showProgress(terminal: ProgressTerminal, total: number): Progress {
  const { err } = terminal;
  const isPerson = isWatched(terminal);
  const began = performance.now();
  let [done, failed, lastMs, shownDone] = [0, 0, -Infinity, -1];
  const show = (): void => {
    lastMs = performance.now();
    shownDone = done;
    const seconds = (lastMs - began) / 1_000;
    const left = done === 0 ? undefined : Math.ceil((seconds / done) * (total - done));
    if (isPerson)
      err(
        `\r\x1b[K${barOf(done / total)} ${done}/${total}, ${failed} failed, ${left ?? '?'} s left`,
      );
    else err(json({ progress: { done, total, failed, seconds_left: left } }));
  };
  return {
    add(isFailure) {
      done += 1;
      if (isFailure) failed += 1;
      if (performance.now() - lastMs > (isPerson ? BAR_MS : LINE_MS)) show();
    },
    done: () => done,
    end() {
      if (total === 0) return;
      if (shownDone !== done) show();
      if (isPerson) err('\n');
    },
  };
}

const barOf = (part: number): string => {
  const full = Math.round(WIDTH * Math.min(1, part));
  return `[${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}]`;
};
