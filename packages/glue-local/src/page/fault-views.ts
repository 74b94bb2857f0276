import type { View } from './document.ts';
import { html } from './html.ts';
import { paths } from './paths.ts';

/** @param what what the address names, as a clause: "Registry r does not exist" */
export function notFoundView(what: string): View {
  return {
    title: 'Not found',
    status: 404,
    content: html`<p>${what}.</p>
<p>A registry in memory is empty after a restart. Start from <a href="${paths.registries()}">the list of registries</a>, or
search for the name of a schema or the id of a version.</p>`,
  };
}

export function refusedView(status: number, title: string, why: string): View {
  return { title, status, content: html`<p>${why}</p>` };
}
