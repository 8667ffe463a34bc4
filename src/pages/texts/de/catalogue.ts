import type { Catalogue } from '../catalogue.ts';
import { en } from '../en/catalogue.ts';

/** English where a file of this language is still to come; each is spread after it, like those in `en/catalogue.ts`. */
export const de: Catalogue = { ...en };
