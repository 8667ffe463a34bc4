import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MAIL_FAILURES, OPERATORS_MAIL_FAILURES } from '../../src/core/mail-failures.ts';
import { explainReason } from '../../src/timeline/words/reasons.ts';

const rules = readFileSync('deploy/prometheus/alerts.yml', 'utf8');
const outcomes = /gatehouse_launch_mails_total\{outcome=~"([^"]+)"/.exec(rules)?.[1] ?? '';

describe('a reason why an e-mail was not sent', () => {
  it.each(Object.keys(MAIL_FAILURES))('has words in the timeline: %s', (reason) => {
    expect(explainReason(reason)).not.toBe(`${reason}.`);
  });

  it.each(OPERATORS_MAIL_FAILURES)('alerts the operator who can mend it: %s', (reason) => {
    expect(reason).toMatch(new RegExp(`^(?:${outcomes})$`));
  });
});
