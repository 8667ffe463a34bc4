import type { Bundles } from './bundle.ts';
import type { CountInstructions } from './instructions.ts';
import type { Options } from './options.ts';
import type { Part, Parts } from './processes.ts';
import type { RunningServers } from './servers.ts';
import type { World } from './world.ts';

/** What every measurement is given. */
export interface Bench {
  readonly options: Options;
  readonly files: Bundles;
  readonly world: World;
  readonly parts: Parts;
  readonly servers: RunningServers;
  /** Generates load. */
  readonly load: Part;
  /** Undefined where the machine offers no counter. */
  readonly countInstructions: CountInstructions | undefined;
}

/** Progress, apart from the figures on stdout. */
export const tell = (text: string): void => void process.stderr.write(text);
