import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from 'fastify';
import { createArns } from './arn.ts';
import { serveAwsJson } from './aws-json.ts';
import { answerBadAddress } from './bad-address.ts';
import { createCommitLog } from './commit-log.ts';
import { openDatabase } from './database.ts';
import { endConnectionsOnClose, limitArrival, requestTimeouts } from './end-connections.ts';
import { createFaultList } from './faults/fault-list.ts';
import { serveFaults } from './faults/fault-routes.ts';
import { createMetadataActions } from './metadata-actions.ts';
import { servePage } from './page/serve-page.ts';
import { awsQuotas, noQuotas } from './quotas.ts';
import { reasonsAnswer } from './reasons-answer.ts';
import { createRegistrationActions } from './registration-actions.ts';
import { createRegistryActions } from './registry-actions.ts';
import { createRegistryState } from './registry-state.ts';
import type { Actions } from './request.ts';
import { createSchemaActions } from './schema-actions.ts';
import { createSchemaVersionActions } from './schema-version-actions.ts';
import { applySeed } from './seed/apply-seed.ts';
import { readSeed } from './seed/read-seed.ts';
import { createTagActions } from './tag-actions.ts';
import { createTransactions, writeOnce } from './transactions.ts';
import { refuseUntrustedHosts } from './untrusted-host.ts';
import { blockWhileLocked } from './while-locked.ts';

/** Where the registry keeps its data, and what its ARNs and its clock say. */
export interface GlueLocalOptions {
  /** A path, or `:memory:`. */
  databaseFile: string;
  /** In every ARN; default `us-east-1`. */
  region?: string;
  /** In every ARN; default `000000000000`. */
  accountId?: string;
  /** How long a version after the first stays PENDING; default 0. */
  pendingMs?: number;
  /** How long what was deleted stays DELETING; default 0: until the next request. */
  deletingMs?: number;
  /**
   * How long a request waits while another process writes to the same database file, before it is refused with an
   * InternalServiceException that SDKs retry; default 5000.
   */
  lockWaitMs?: number;
  /** Lifts AWS's quotas (registries, schema versions, metadata pairs); default false. */
  noLimits?: boolean;
  /** A folder of registries, schemas and versions that are registered unless they exist; default none. */
  seedFolder?: string;
  logger?: FastifyServerOptions['logger'];
  /** In epoch milliseconds; default `Date.now`. */
  now?: () => number;
}

// A definition has up to 170 000 characters, each up to six bytes as a JSON escape.
const maxBodyBytes = 2 * 1024 * 1024;

/**
 * The AWS Glue Schema Registry API as a Fastify instance that does not listen yet. Closing it closes the database.
 * @throws SeedError the seed folder cannot be used; the database is unchanged
 * @throws Error the file cannot be opened
 */
export function createGlueLocal(options: GlueLocalOptions): FastifyInstance {
  const {
    databaseFile,
    region = 'us-east-1',
    accountId = '000000000000',
    pendingMs = 0,
    deletingMs = 0,
    lockWaitMs = 5000,
    noLimits = false,
    seedFolder,
    logger = false,
    now = Date.now,
  } = options;
  const seed = seedFolder === undefined ? [] : readSeed(seedFolder);
  const database = openDatabase(databaseFile, lockWaitMs);
  const app = fastify({
    logger,
    bodyLimit: maxBodyBytes,
    ...limitArrival(requestTimeouts.openMs),
    // A name of 255 characters, each percent-encoded in an address of the page.
    routerOptions: { maxParamLength: 3 * 255 },
    frameworkErrors: answerBadAddress,
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.addHook('onClose', () => database.close());
  endConnectionsOnClose(app, lockWaitMs + requestTimeouts.closingMs);

  const arns = createArns({ region, accountId });
  const quotas = noLimits ? noQuotas : awsQuotas;
  const log = createCommitLog(app.log);
  const state = createRegistryState({ database, arns, pendingMs, deletingMs, quotas, now, log });
  const applyWholeSeed = () => writeOnce(database, state, () => applySeed(state, seed));
  try {
    if (seed.length > 0) blockWhileLocked(applyWholeSeed, lockWaitMs);
  } catch (error) {
    database.close();
    throw error;
  }
  const actions: Actions = {
    ...createRegistryActions(state),
    ...createSchemaActions(state),
    ...createSchemaVersionActions(state),
    ...createMetadataActions(state),
    ...createTagActions(state),
  };
  const slowActions = createRegistrationActions(state);
  const transactions = createTransactions(database, state, lockWaitMs);
  const { read, write } = transactions;
  const faults = createFaultList((held) => write(() => state.versions.settle(held)));
  refuseUntrustedHosts(app);
  serveAwsJson(app, { actions, slowActions, arns, faults, transactions });
  servePage(app, state, read);

  serveFaults(app, faults);

  app.get('/healthz', () => ({ status: 'ok', registries: state.registries.count() }));

  // AWS has no call that returns why a version failed.
  app.get<{ Params: { id: string } }>(
    '/_local/schema-versions/:id/reasons',
    async ({ params }, reply) => {
      const answer = await read(() => reasonsAnswer(state, params.id));
      return answer ?? reply.callNotFound();
    },
  );
  return app;
}
