import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../src/core/problem.ts';
import { createPages } from '../../src/pages/pages.ts';
import { problemGuide } from '../../src/pages/problem-guide/guide.ts';
import { answersOf } from '../../src/pages/problem-guide/view.ts';
import { expectCommitted } from '../support/committed-docs.ts';

const slugs = Object.keys(PROBLEMS);
const page = createPages({
  brand: { name: 'Acme', logoUrl: undefined, color: '#3b4cca' },
  portalOrigins: [],
}).problemGuide();
const html = String(page.body);

const markdown = `# Problems

<!-- Generated: UPDATE_DOCS=1 npm test -- test/pages/problem-guide.test.ts -->

The \`type\` of each error is \`PUBLIC_URL/docs/problems#<slug>\`, which the gateway serves with the text below. \`code\` is the slug in snake_case (or WorkOS’s own code), \`detail\` and \`errors\` describe the single case, and \`X-Request-ID\` finds it in the log. Official SDKs may show only \`errors[].code\`; the whole body is on the wire.

${problemGuide
  .map(
    ({ title, problems }) => `## ${title}

${problems
  .map(
    (entry) => `### ${entry.slug}

${PROBLEMS[entry.slug].status} · ${PROBLEMS[entry.slug].title}

${answersOf(entry)
  .map(([question, answer]) => `- **${question}${question.endsWith('?') ? '' : '.'}** ${answer}`)
  .join('\n')}
`,
  )
  .join('\n')}`,
  )
  .join('\n')}`;

describe('the explanation of problems', () => {
  it('has exactly one entry for every problem', () => {
    const explained = problemGuide.flatMap(({ problems }) => problems.map(({ slug }) => slug));

    expect(explained.sort()).toEqual([...slugs].sort());
  });

  it('is docs/problems.md', async () => {
    await expectCommitted('docs/problems.md', markdown, {
      proseWrap: 'always',
    });
  });

  it.each(slugs)('is served with an anchor for %s', (slug) => {
    expect(html.split(`id="${slug}"`)).toHaveLength(2);
    expect(html).toContain(`href="#${slug}"`);
  });

  it('is served without a script, in one language, with one main heading', () => {
    expect(html).not.toMatch(/<script| on\w+=|`/);
    expect(html).toMatch(/<html lang="en" dir="ltr">/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).not.toContain('script-src');
  });
});
