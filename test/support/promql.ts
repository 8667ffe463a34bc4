/** What expressions of Prometheus say, by its own grammar. */
import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<ReturnType<typeof parser.parse>['cursor']>['node'];

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly value: string }[];
}

export interface Expression {
  readonly hasErrors: boolean;
  readonly selectors: readonly Selector[];
  /** Labels of `by (…)`, `without (…)`, `on (…)` and the like. */
  readonly grouping: readonly string[];
}

const textsOf = (source: string, node: Node, name: string): string[] => {
  const texts: string[] = [];
  node.cursor().iterate((one) => {
    if (one.name === name) texts.push(source.slice(one.from, one.to));
  });
  return texts;
};

const selectorOf = (source: string, node: Node): Selector => {
  const matchers: Selector['matchers'][number][] = [];
  node.cursor().iterate((one) => {
    if (!['UnquotedLabelMatcher', 'LabelMatcher'].includes(one.name)) return;
    const [, label = '', value = ''] =
      /^(\w+)\s*(?:=~|!~|!=|=)\s*"(.*)"$/s.exec(source.slice(one.from, one.to)) ?? [];
    matchers.push({ label, value });
  });
  return { metric: textsOf(source, node, 'Identifier')[0] ?? '', matchers };
};

export function parseExpression(source: string): Expression {
  const tree = parser.parse(source);
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  let hasErrors = false;
  tree.iterate({
    enter(ref) {
      if (ref.type.isError) hasErrors = true;
      if (ref.name === 'VectorSelector') selectors.push(selectorOf(source, ref.node));
      if (ref.name === 'GroupingLabels') grouping.push(...textsOf(source, ref.node, 'LabelName'));
    },
  });
  return { hasErrors, selectors, grouping };
}
