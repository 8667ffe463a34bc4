import axe from 'axe-core';
import type { Page } from 'playwright-core';

const VIEWS = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

/** All rules that axe runs by default, best practices included, and the size of targets (WCAG 2.2). */
const RUN = `axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({ id, target: target.join(' '), failureSummary }))))`;

/** Resolves when the page has answered the new size and colours. */
const RENDERED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())))
  .then(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => undefined))))`;

interface Violation {
  readonly id: string;
  readonly target: string;
  readonly failureSummary: string;
}

/**
 * Violations that axe finds on the page as it stands, on a desktop and on a phone, light and dark.
 * Evaluates axe through the debugger protocol, which the page's Content-Security-Policy does not
 * restrict.
 */
export async function violationsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(`${axe.source}; undefined`);
  for (const { width, colorScheme } of VIEWS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.evaluate(RENDERED);
    const violations = await page.evaluate<Violation[]>(RUN);
    found.push(
      ...violations.map(
        ({ id, target, failureSummary }) =>
          `${id} at ${target} (${width} px, ${colorScheme}): ${failureSummary.replaceAll(/\s+/g, ' ')}`,
      ),
    );
  }
  return found;
}
