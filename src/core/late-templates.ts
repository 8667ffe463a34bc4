import { Eta } from 'eta';

/**
 * Names templates, each of which is compiled when it is first rendered: a process starts more often
 * than most of its pages are shown.
 *
 * @param sources by the names that `include` and `layout` use, which begin with `@`
 */
export function lateTemplates(sources: Readonly<Record<`@${string}`, string>>): Eta {
  const eta = new Eta();
  for (const [name, source] of Object.entries(sources))
    eta.loadTemplate(name, (view, options) => {
      const compiled = eta.compile(source);
      eta.loadTemplate(name, compiled);
      return compiled.call(eta, view, options);
    });
  return eta;
}
