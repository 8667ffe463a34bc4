import { frame } from './frame.ts';
import { intents } from './intents.ts';
import { launch } from './launch.ts';
import { problems } from './problems.ts';
import { returned } from './returned.ts';

/** English texts. Their keys and arguments are those of every language. */
export const en = { ...frame, ...intents, ...launch, ...problems, ...returned } as const;
