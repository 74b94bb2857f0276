import {
  aBoolean,
  aLimit,
  aPositiveInteger,
  checkOptions,
  oneOf,
  required,
} from '../../option-checks.ts';
import { compatibilityModes } from '../compatibility-modes.ts';
import { keepAnswers } from '../kept-answers.ts';
import { createConfluentCatalog } from './confluent-catalog.ts';
import { createConfluentClient } from './confluent-client.ts';
import { bodyOf } from './confluent-errors.ts';
import { anAuth, aUrl, referencesByName } from './confluent-option-shapes.ts';
import type { ConfluentRegistry, ConfluentRegistryOptions } from './confluent-options.ts';
import { createConfluentRegistration } from './confluent-registration.ts';
import { createConfluentSchemas } from './confluent-schema.ts';

export type { SchemaCatalog } from '../schema-catalog.ts';
export type { ConfluentAuth } from './confluent-client.ts';
export type {
  ConfluentCompatibility,
  ConfluentRegistry,
  ConfluentRegistryOptions,
} from './confluent-options.ts';
export type { ConfluentSchema } from './confluent-schema.ts';

/**
 * Sends nothing before the first call, so that a service can start while the registry is unreachable.
 *
 * @throws TypeError an option is not what it may be
 */
export function createConfluentRegistry(options: ConfluentRegistryOptions): ConfluentRegistry {
  checkOptions('createConfluentRegistry', options, {
    url: required(aUrl),
    auth: anAuth,
    autoRegistration: aBoolean,
    compatibility: oneOf(...compatibilityModes.filter((mode) => mode !== 'DISABLED')),
    references: referencesByName,
    requestTimeoutMs: aPositiveInteger,
    cacheSize: aLimit,
  });
  const { cacheSize = 1_000 } = options;
  const request = createConfluentClient(options);
  const readSchema = createConfluentSchemas(request, cacheSize);
  const { versionsOf, ...catalog } = createConfluentCatalog(request, readSchema);
  const answers = {
    ...catalog,
    ...createConfluentRegistration(request, readSchema, options),
  };

  return {
    framing: 'confluent',
    source: request.root,
    ...answers,
    ...keepAnswers({ ...answers, versionsOf }, cacheSize),
    check: async () => {
      // The cheapest request that every version of the API answers.
      bodyOf(await request('GET', '/schemas/types'));
    },
    close() {},
  };
}
