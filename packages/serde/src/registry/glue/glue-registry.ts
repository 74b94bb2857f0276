import { GetRegistryCommand } from '@aws-sdk/client-glue';
import {
  aBoolean,
  aLimit,
  anObject,
  anything,
  aPositiveInteger,
  aText,
  aTextOrEmpty,
  aWaitMs,
  checkOptions,
  oneOf,
  required,
  textsByName,
} from '../../option-checks.ts';
import { compatibilityModes } from '../compatibility-modes.ts';
import { keepAnswers, type NamedVersion } from '../kept-answers.ts';
import type { RegisteredSchema } from '../schema-registry.ts';
import { createGlueCatalog } from './glue-catalog.ts';
import { createGlueClient } from './glue-client.ts';
import { glueName } from './glue-name.ts';
import type { GlueRegistry, GlueRegistryOptions } from './glue-options.ts';
import { createGlueRegistration } from './glue-registration.ts';

export type { SchemaCatalog } from '../schema-catalog.ts';
export type { GlueRegistry, GlueRegistryOptions } from './glue-options.ts';
export type { GlueSchema } from './glue-schema.ts';

/**
 * Sends nothing before the first call, so that a service can start while AWS is unreachable.
 *
 * @throws TypeError an option is not what it may be
 */
export function createGlueRegistry(options: GlueRegistryOptions): GlueRegistry {
  checkOptions('createGlueRegistry', options, {
    registryName: required(aText),
    region: aTextOrEmpty,
    endpoint: aTextOrEmpty,
    credentials: anything,
    assumeRoleArn: aTextOrEmpty,
    autoRegistration: aBoolean,
    compatibility: oneOf(...compatibilityModes),
    description: aTextOrEmpty,
    tags: textsByName,
    metadata: textsByName,
    requestTimeoutMs: aPositiveInteger,
    pendingTimeoutMs: aWaitMs,
    cacheSize: aLimit,
    clientConfig: anObject,
  });
  const { registryName, cacheSize } = options;
  const registry = glueName(registryName);
  const region = registry.region ?? (options.region || undefined);
  const glue = createGlueClient(options, region);
  const answers = {
    ...createGlueCatalog(glue, registry),
    ...createGlueRegistration(glue, registry, options),
  };

  return {
    framing: 'glue',
    source: `glue ${registryName} ${region ?? ''}`.trim(),
    ...answers,
    ...keepAnswers({ ...answers, versionsOf }, cacheSize),
    check: () =>
      glue
        .call(async () => {
          await glue.sdk().send(new GetRegistryCommand({ RegistryId: registry.registryId }));
        })
        .catch((error) => {
          // A refusal is an answer as well: a consumer may be allowed to read versions only.
          const cause = error.cause as { name?: string } | undefined;
          const answered = ['EntityNotFoundException', 'AccessDeniedException'];
          if (!answered.includes(cause?.name ?? '')) throw error;
        }),
    close: glue.close,
  };
}

async function versionsOf({ name, versionNumber = 0 }: RegisteredSchema): Promise<NamedVersion[]> {
  return name === undefined ? [] : [{ name, versionNumber }];
}
