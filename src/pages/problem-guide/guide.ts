import type { ProblemSlug } from '../../core/problem.ts';
import { AVAILABILITY } from './availability.ts';
import type { Explanation } from './explanation.ts';
import { PERMISSION } from './permission.ts';
import { REQUESTS } from './requests.ts';
import { SIGN_IN } from './sign-in.ts';
import { TENANTS } from './tenants.ts';

const SECTIONS = {
  'The request': REQUESTS,
  'Callers and permission': PERMISSION,
  'Tenants and the Admin Portal': TENANTS,
  'Single sign-on': SIGN_IN,
  'WorkOS and Gatehouse': AVAILABILITY,
};

/** Does not compile while a problem lacks its explanation. */
const EXPLANATIONS: Readonly<Record<ProblemSlug, Explanation>> = {
  ...REQUESTS,
  ...PERMISSION,
  ...TENANTS,
  ...SIGN_IN,
  ...AVAILABILITY,
};

export interface ProblemEntry extends Explanation {
  readonly slug: ProblemSlug;
}

/** Served at `/docs/problems` and written to `docs/problems.md`. */
export const problemGuide: readonly {
  readonly title: string;
  readonly problems: readonly ProblemEntry[];
}[] = Object.entries(SECTIONS).map(([title, section]) => ({
  title,
  // Sound: EXPLANATIONS has the same keys, and its type allows no others.
  problems: (Object.keys(section) as ProblemSlug[]).map((slug) => ({
    slug,
    ...EXPLANATIONS[slug],
  })),
}));
