import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';

export interface PanelQuery {
  dashboard: string;
  panel: string;
  /** The query of the dashboard, with its variables. */
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

/** The variables of a dashboard, with the series and label of their `label_values(SERIES, LABEL)`. */
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

/** Replaces variables as Grafana does: several values become a regular expression, `$__rate_interval` four scrapes. */
export function filledIn(
  expr: string,
  values: Readonly<Record<string, readonly string[]>>,
): string {
  return withVariables(expr.replaceAll('$__rate_interval', '4s'), values);
}

/** Replaces the dashboard's variables. Grafana's server replaces `$__rate_interval`. */
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
