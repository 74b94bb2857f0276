/** A test of moto that glue-local does not pass, because AWS documents otherwise. */
export interface MotoException {
  /** What the test expects. */
  moto: string;
  /** What AWS documents, and where. */
  aws: string;
}

const api = 'https://docs.aws.amazon.com/glue/latest/webapi';
const guide = 'https://docs.aws.amazon.com/glue/latest/dg';

/** By the name of the test in moto's tests/test_glue/test_schema_registry.py. */
export const motoExceptions: Readonly<Record<string, MotoException>> = {
  test_create_registry_more_than_allowed: {
    moto: 'at most 10 registries',
    aws: `100 registries for each account and region: ${guide}/schema-registry.html, Quotas`,
  },
  test_register_schema_version_valid_input_json: {
    moto: 'under BACKWARD an open JSON object can get an optional property',
    aws: `only an object with additionalProperties false can: ${guide}/schema-registry.html, BACKWARD`,
  },
  test_register_schema_version_invalid_compatibility_disabled: {
    moto: 'under DISABLED the definition of version 1 cannot be registered again',
    aws: `a definition that is already stored returns its version: ${api}/API_RegisterSchemaVersion.html`,
  },
  test_register_schema_version_invalid_schema_definition: {
    moto: 'as the test before: it registers the definition of version 1 under DISABLED',
    aws: `a definition that is already stored returns its version: ${api}/API_RegisterSchemaVersion.html`,
  },
  test_get_schema_by_definition_invalid_schema_definition_does_not_exist: {
    moto: 'a schema without the definition is `Schema is not found.`',
    aws:
      'AWS’s Java client registers a version only if the message has `Schema version is not found.`, and else creates ' +
      'the schema: https://github.com/awslabs/aws-glue-schema-registry, common/…/utils/AWSSchemaRegistryConstants.java',
  },
  test_put_schema_version_metadata_valid_input_schema_version_id: {
    moto: 'VersionNumber is 0 if the version was named by its id',
    aws: `a version number is at least 1: ${api}/API_PutSchemaVersionMetadata.html, VersionNumber`,
  },
  test_update_schema: {
    moto: 'the mode can be changed without a version number',
    aws: `with Compatibility, VersionNumber is also required: ${api}/API_UpdateSchema.html`,
  },
};
