import { createHash } from 'node:crypto';
import { type Content, type Html, html, markupOf } from './html.ts';
import { paths } from './paths.ts';
import { styleSheet } from './style-sheet.ts';

/** A step of the way from the list of registries to a page. */
export interface Crumb {
  readonly label: string;
  readonly path: string;
}

export interface View {
  /** The text of the only `h1`, and the first part of the document's title. */
  readonly title: string;
  /** From the top down, without the page itself. */
  readonly crumbs?: readonly Crumb[];
  /** What the search field holds. */
  readonly search?: string;
  /** Beside the heading. */
  readonly badge?: Content;
  readonly content: Content;
  /** HTTP status; default 200. */
  readonly status?: number;
}

/** Part of the style sheet's address, so that browsers can keep the file. */
export const styleSheetDigest = createHash('sha256').update(styleSheet).digest('hex').slice(0, 12);

/** The whole document of a view. */
export function renderDocument({ title, crumbs = [], search = '', badge, content }: View): string {
  const markup = markupOf(html`
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · glue-local</title>
<link rel="stylesheet" href="${paths.styleSheet(styleSheetDigest)}">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top">
<a class="home" href="${paths.registries()}">glue-local</a>
<form class="search" role="search" action="${paths.schemas()}" method="get">
<label class="hidden" for="search">Name of a schema, or id of a schema version</label>
<input id="search" name="search" type="search" value="${search}" maxlength="255"
 placeholder="Schema name or version id" autocomplete="off" spellcheck="false">
<button>Search</button>
</form>
</header>
${crumbs.length > 0 && renderCrumbs(crumbs, title)}
<main id="content" tabindex="-1">
<div class="heading"><h1>${title}</h1>${badge}</div>
${content}
</main>
<footer>Schema registry for development and tests. Nothing on these pages changes it.</footer>
</body>
</html>`);
  return `<!doctype html>${markup}`;
}

function renderCrumbs(crumbs: readonly Crumb[], title: string): Html {
  const steps = crumbs.map(({ label, path }) => html`<li><a href="${path}">${label}</a></li>`);
  return html`<nav class="crumbs" aria-label="Breadcrumb"><ol>${steps}<li aria-current="page">${title}</li></ol></nav>`;
}
