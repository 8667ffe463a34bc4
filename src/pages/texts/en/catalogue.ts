import { frame } from './frame.ts';
import { home } from './home.ts';
import { intents } from './intents.ts';
import { launch } from './launch.ts';
import { problems } from './problems.ts';
import { returned } from './returned.ts';

/** English texts. Their keys and arguments are those of every language. */
export const en = { ...frame, ...home, ...intents, ...launch, ...problems, ...returned } as const;
