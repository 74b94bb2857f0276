/** The requirements that a suite can have, and their names in docs/testing.md. */
export const needNames = {
  /** `npm test` starts one broker for all these suites. */
  'shared-broker': 'Kafka',
  /** Each test starts its own. */
  'own-broker': 'Kafka',
  docker: 'Docker',
  'docker-hub': 'Docker, images of Grafana, kafka-ui',
  'iam-broker': 'a broker named by `IAM_*`',
  jdk: 'JDK and Maven',
  python: 'Python 3',
  chromium: 'Chromium',
  terraform: 'Terraform',
} as const;

/** Declared in `suite.ts` of the suite's folder. `npm test`, `.ci/run` and docs/testing.md read it. */
export interface Suite {
  /** The behaviour that the suite shows, in Markdown. */
  shows: string;
  needs: readonly (keyof typeof needNames)[];
  /**
   * Time limit of the suite's own step in `.ci/run`, which has the folder's name. It ends what hangs: at least twice what a slow
   * machine needs.
   */
  limitSeconds?: number;
  /** The workflow that runs the suite instead of `.ci/run`. Without limit and workflow, `npm test` runs the suite. */
  workflow?: string;
  /**
   * Test files that run at once, for a suite with its own step: more if it mostly waits, 1 where the files cannot share a
   * machine. Default: one for each processor, 4 at most, and two more in the step `test`.
   */
  filesAtOnce?: number;
  /** The names of the files that take longest. They start first: one that started last would run alone. */
  longestFiles?: readonly string[];
  /** Downloads before any test's timeout begins. A failed download is reported by the tests that need it. */
  downloads?: () => Promise<unknown>[];
}
