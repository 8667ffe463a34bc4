import { PROBLEMS } from '../../core/problem.ts';
import { ACTORS, RETRIES } from './explanation.ts';
import { problemGuide, type ProblemEntry } from './guide.ts';

export const answersOf = ({ meaning, actor, action, retry }: ProblemEntry) =>
  [
    ['What it means', meaning],
    ['Who must act', `${ACTORS[actor]}.`],
    ['What to do', action],
    ['Does retrying help?', RETRIES[retry]],
  ] as const;

/** Splits a text at its backticks: every second part is code. */
const withCode = (text: string) =>
  text.split('`').map((part, index) => ({ text: part, isCode: index % 2 === 1 }));

/** Returns the data for the template of `/docs/problems`. */
export const problemGuideView = () => ({
  title: 'Problems',
  sections: problemGuide.map(({ title, problems }) => ({
    title,
    problems: problems.map((entry) => ({
      slug: entry.slug,
      ...PROBLEMS[entry.slug],
      answers: answersOf(entry).map(([question, answer]) => ({
        question,
        answer: withCode(answer),
      })),
    })),
  })),
});
