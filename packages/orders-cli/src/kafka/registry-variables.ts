import {
  type ConfigFault,
  registriesDiffer,
  registrySettings,
  registryVariables,
  secondaryRegistrySettings,
  secondaryRegistryVariables,
} from '@order-stream/runtime';

/** The variables of commands that decode records: those of the consumer. */
export const decoderVariables = { ...registryVariables, ...secondaryRegistryVariables };

export const decoderRules: ((config: object) => ConfigFault[])[] = [registriesDiffer];

export const decoderValues = {
  registry: registrySettings,
  secondaryRegistry: secondaryRegistrySettings,
};

/** For the help of commands. */
export const decoderHelp = `Values are decoded by SCHEMA_REGISTRY (glue, confluent, none) and SECONDARY_SCHEMA_REGISTRY with
REGISTRY_NAME, AWS_REGION, AWS_ENDPOINT_URL_GLUE or SCHEMA_REGISTRY_URL, as in the consumer.`;
