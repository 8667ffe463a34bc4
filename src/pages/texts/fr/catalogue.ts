import type { Catalogue } from '../catalogue.ts';
import { frame } from './frame.ts';
import { home } from './home.ts';
import { intents } from './intents.ts';
import { launch } from './launch.ts';
import { mail } from './mail.ts';
import { problems } from './problems.ts';
import { returned } from './returned.ts';
import { setup } from './setup.ts';
import { steps } from './steps.ts';
import { tested } from './tested.ts';

/** French texts, in formal address. */
export const fr: Catalogue = {
  ...frame,
  ...home,
  ...intents,
  ...launch,
  ...mail,
  ...problems,
  ...returned,
  ...setup,
  ...steps,
  ...tested,
};
