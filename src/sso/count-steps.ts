import { codeOf, type Problem } from '../core/problem.ts';

/** @param outcome `ok`, the problem's code, or `refused_by_idp` */
export type OnSignIn = (step: 'callback' | 'token', outcome: string) => void;

export interface CountDeps {
  readonly onOutcome: OnSignIn;
  /** Turns an error into the problem that the caller gets. */
  readonly toProblem: (error: unknown) => Problem;
}

/** Runs a step of a login and tells its outcome. */
export const countSteps =
  ({ onOutcome, toProblem }: CountDeps) =>
  async <T>(step: 'callback' | 'token', run: () => Promise<T>, good = 'ok'): Promise<T> => {
    try {
      const result = await run();
      onOutcome(step, good);
      return result;
    } catch (error) {
      onOutcome(step, codeOf(toProblem(error).slug));
      throw error;
    }
  };
