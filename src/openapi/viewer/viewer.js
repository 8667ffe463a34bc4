/**
 * Starts swagger-ui at /docs with a layout and a filter of ours, and mends what axe-core finds wrong
 * in swagger-ui's own markup. Runs in the browser; docs/adr/0015-api-viewer.md says why.
 */

/**
 * Replaces swagger-ui's filter, which looks at tags and paths only.
 *
 * @param taggedOperations Immutable.js map: tag → `operations`
 * @param phrase words, each of which an operation must contain in its tag, method, path, id or summary
 */
function opsFilter(taggedOperations, phrase) {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (tag) => (operation) => {
    const names = ['operationId', 'summary'].map((key) => operation.getIn(['operation', key]));
    const text = [tag, operation.get('method'), operation.get('path'), ...names].join(' ');
    return words.every((word) => text.toLowerCase().includes(word));
  };
  return taggedOperations
    .map((group, tag) =>
      group.update('operations', (operations) => operations.filter(matches(tag))),
    )
    .filter((group) => group.get('operations').size > 0);
}

const FILTER_DELAY_MS = 150;

/** One header and one main part, headings in order, and no list of servers: there is only one. */
const docsLayout = ({ createElement: h }) =>
  function DocsLayout({ getComponent, layoutSelectors, specSelectors }) {
    const part = (name) => h(getComponent(name, true));
    if (specSelectors.loadingStatus() !== 'success') return h('main', null, part('BaseLayout'));
    return h(
      'div',
      { className: 'swagger-ui' },
      part('SkipToOperations'),
      h('header', { className: 'wrapper' }, part('InfoContainer')),
      h(
        'main',
        { className: 'wrapper', id: 'operations', tabIndex: -1 },
        part('errors'),
        h(
          'div',
          { className: 'docs-bar' },
          h('h2', null, 'Operations'),
          part('AuthorizeBtnContainer'),
        ),
        part('OperationsFilter'),
        part('operations'),
        !layoutSelectors.currentFilter() && part('Models'),
      ),
    );
  };

const operationsFilter = ({ createElement: h, useEffect, useState }) =>
  function OperationsFilter({ layoutActions, specSelectors }) {
    const [phrase, setPhrase] = useState('');
    useEffect(() => {
      const timer = setTimeout(() => layoutActions.updateFilter(phrase.trim()), FILTER_DELAY_MS);
      return () => clearTimeout(timer);
    }, [phrase]);
    const all = specSelectors.operations().size;
    const shown = specSelectors
      .taggedOperations()
      .reduce((sum, group) => sum + group.get('operations').size, 0);
    return h(
      'div',
      { className: 'docs-filter', role: 'search' },
      h('label', { htmlFor: 'docs-filter' }, 'Filter by tag, path, operation id or summary'),
      h('input', {
        id: 'docs-filter',
        type: 'search',
        autoComplete: 'off',
        spellCheck: false,
        value: phrase,
        onChange: ({ target }) => setPhrase(target.value),
      }),
      h(
        'p',
        { role: 'status' },
        shown === all ? `${all} operations` : `${shown} of ${all} operations`,
      ),
    );
  };

/** Without swagger-ui's link: it is inside a button, and does the same. */
const operationSummaryPath = ({ createElement: h }) =>
  function OperationSummaryPath({ operationProps }) {
    const path = operationProps.get('path');
    const parts = path.split(/(?=\/)/).flatMap((part) => [h('wbr', { key: part }), part]);
    return h('span', { className: 'opblock-summary-path', 'data-path': path }, parts);
  };

/** Keeps the focus inside, and returns it to the button that opened the dialog. */
const dialog =
  ({ createElement: h, useLayoutEffect, useRef }) =>
  (Original) =>
    function AuthorizationDialog(props) {
      const ref = useRef(null);
      useLayoutEffect(() => {
        const element = ref.current;
        element.showModal();
        element.querySelector('input')?.focus();
        return () => element.close();
      }, []);
      const onCancel = () => props.authActions.showDefinitions(false);
      return h(
        'dialog',
        { ref, className: 'docs-dialog', 'aria-label': 'Authorize', onCancel },
        h(Original, props),
      );
    };

/** Names a parameter's input or list: swagger-ui shows the name in another cell. */
const labelled =
  ({ createElement: h }) =>
  (Original) =>
  (props) =>
    h(
      'label',
      null,
      h('span', { className: 'docs-unseen' }, props.description || 'Item'),
      h(Original, props),
    );

/** Lets the keyboard reach code, since it scrolls. */
const focusable =
  ({ createElement: h }) =>
  (Original) =>
  (props) =>
    h('div', { className: 'docs-code', tabIndex: 0 }, h(Original, props));

/**
 * Renders swagger-ui's list once for each tag. A list of 150 rows or more would hold only those in view,
 * and neither the browser's search nor a screen reader would find the others. An empty result renders
 * nothing; swagger-ui would say that the document has no operations.
 */
const listPerTag =
  ({ createElement: h }) =>
  (Original) =>
  (props) => {
    const all = props.specSelectors.taggedOperations();
    const only = (tag) => ({
      ...props.specSelectors,
      taggedOperations: () => all.filter((_group, name) => name === tag),
    });
    return all
      .keySeq()
      .toArray()
      .map((tag) => h(Original, { ...props, key: tag, specSelectors: only(tag) }));
  };

const withProps =
  ({ createElement: h }, extra) =>
  (Original) =>
  (props) =>
    h(Original, { ...props, ...extra });

/** swagger-ui hands React to its plugins. */
const gatehousePlugin = ({ React }) => {
  // The visible text names these, not the label that swagger-ui adds.
  const withoutLabel = withProps(React, { 'aria-label': undefined });
  return {
    fn: { opsFilter },
    components: {
      DocsLayout: docsLayout(React),
      OperationsFilter: operationsFilter(React),
      OperationSummaryPath: operationSummaryPath(React),
    },
    wrapComponents: {
      authorizationPopup: dialog(React),
      Button: withoutLabel,
      Input: withoutLabel,
      CloseIcon: withProps(React, { role: 'img', 'aria-hidden': undefined, 'aria-label': 'Close' }),
      JsonSchema_boolean: labelled(React),
      JsonSchema_string: labelled(React),
      operations: listPerTag(React),
      SyntaxHighlighter: focusable(React),
      TextArea: withProps(React, { 'aria-label': 'Request body' }),
    },
  };
};

/** swagger-ui has a dark style, and leaves it to the page when to show it. */
const dark = matchMedia('(prefers-color-scheme: dark)');
const followColorScheme = () =>
  document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followColorScheme);
followColorScheme();

SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  displayOperationId: true,
  layout: 'DocsLayout',
  plugins: [gatehousePlugin],
  syntaxHighlight: { theme: 'tomorrow-night' },
  validatorUrl: null,
});
