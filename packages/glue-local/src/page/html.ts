const markup: unique symbol = Symbol('markup');

/** Markup in which every inserted text is escaped. Only `html` makes it: no JSON value has its symbol. */
export interface Html {
  readonly [markup]: string;
}

/** What can stand in a template: text is escaped, markup is not, and `undefined`, `null` and `false` are empty. */
export type Content = Html | string | number | false | null | undefined | readonly Content[];

/**
 * Template tag for markup. Inserted values are escaped for text and for quoted attributes, which are the only places
 * where a template may have them.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += render(value) + strings[index + 1];
  return { [markup]: text };
}

/** The markup as text. */
export function markupOf(content: Html): string {
  return content[markup];
}

function render(content: Content): string {
  if (content === undefined || content === null || content === false) return '';
  if (typeof content === 'object') {
    return markup in content ? content[markup] : content.map(render).join('');
  }
  return String(content).replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}
