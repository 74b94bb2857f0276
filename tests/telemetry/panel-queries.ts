import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

export interface PanelQuery {
  dashboard: string;
  panel: string;
  /** As it stands in the dashboard, variables and all. */
  expr: string;
}

interface Board {
  title: string;
  panels: { title: string; targets: { expr: string }[] }[];
  templating: { list: { name: string; type: string; query: string; allValue?: string }[] };
}

const boards: Board[] = globSync('docker/grafana/dashboards/*.json', { cwd: root }).map((path) =>
  JSON.parse(readFileSync(join(root, path), 'utf8')),
);

export const panelQueries: PanelQuery[] = boards.flatMap((board) =>
  board.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ dashboard: board.title, panel: title, expr })),
  ),
);

/** dashboard → variable → the `label_values(SERIES, LABEL)` that fills it */
export function variableQueries(dashboard: string) {
  const board = boards.find(({ title }) => title === dashboard) as Board;
  return board.templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => {
      const [, series, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      if (series === undefined || label === undefined) throw new Error(`${dashboard}: ${query}`);
      return { name, series, label };
    });
}

/** Puts values in as Grafana does: a choice of several as a regular expression, `$__rate_interval` as four scrapes. */
export function filledIn(
  expr: string,
  values: Readonly<Record<string, readonly string[]>>,
): string {
  return withVariables(expr.replaceAll('$__rate_interval', '4s'), values);
}

/** Puts the page's own variables in, and leaves `$__rate_interval` to Grafana's server. */
export function withVariables(
  expr: string,
  values: Readonly<Record<string, readonly string[]>>,
): string {
  return expr.replaceAll(/\$(?!__)(\w+)/g, (_, name: string) => {
    const chosen = values[name];
    if (chosen === undefined) throw new Error(`no value for $${name}`);
    return chosen.length === 1 ? (chosen[0] as string) : `(${chosen.join('|')})`;
  });
}
