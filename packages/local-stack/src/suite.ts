/** What a suite can need, and its words in docs/testing.md. */
export const needWords = {
  /** `npm test` starts one broker for all suites that need this. */
  'shared-broker': 'Kafka',
  docker: 'Docker',
  'docker-hub': 'Docker, images of Grafana, kafka-ui',
  'iam-broker': 'a broker named by `IAM_*`',
  jdk: 'JDK and Maven',
  python: 'Python 3',
  terraform: 'Terraform',
} as const;

/** Declared once, in `suite.ts` of the suite's folder: `npm test`, `.ci/run` and docs/testing.md read it. */
export interface Suite {
  /** What it shows, in Markdown. */
  shows: string;
  needs: readonly (keyof typeof needWords)[];
  /** The time limit of its own step in `.ci/run`, which is named for the folder. */
  limitSeconds?: number;
  /** The workflow that runs it instead of `.ci/run`. Without limit and workflow it is part of plain `npm test`. */
  workflow?: string;
  /** Fetched before the clock of any test runs. The tests themselves report what could not be fetched. */
  downloads?: () => Promise<unknown>[];
}
