import assert from 'node:assert/strict';
import {
  type Compatibility,
  CreateRegistryCommand,
  CreateSchemaCommand,
  type DataFormat,
  GlueClient,
  RegisterSchemaVersionCommand,
} from '@aws-sdk/client-glue';
import { createGlueLocal, type GlueLocalOptions } from '../glue-local.ts';

/** Starts a registry on a free port, with an AWS SDK client for it. Dispose of it with `await using`. */
export async function startRegistry(options: Partial<GlueLocalOptions> = {}) {
  const app = createGlueLocal({ databaseFile: ':memory:', ...options });
  const endpoint = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = createClient(endpoint);
  return {
    app,
    endpoint,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await app.close();
    },
  };
}

export function createClient(endpoint: string): GlueClient {
  return new GlueClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

/** A record `Order` of the given fields. */
export function orderSchema(...fields: object[]): string {
  return JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'order.v1',
    fields: [{ name: 'order_id', type: 'string' }, ...fields],
  });
}

export const RegistryId = { RegistryName: 'customer' };
export const SchemaId = { RegistryName: 'customer', SchemaName: 'orders-value' };
export const isPrime = { name: 'is_prime', type: 'boolean' };
export const isPrimeOrFalse = { ...isPrime, default: false };

/** Creates the registry unless it exists, and the schema with its first version. */
export async function createOrders(
  client: GlueClient,
  Compatibility: Compatibility,
  SchemaDefinition = orderSchema(),
  DataFormat: DataFormat = 'AVRO',
) {
  await client.send(new CreateRegistryCommand(RegistryId)).catch((error: Error) => {
    assert.equal(error.name, 'AlreadyExistsException');
  });
  return client.send(
    new CreateSchemaCommand({
      RegistryId,
      SchemaName: SchemaId.SchemaName,
      DataFormat,
      Compatibility,
      SchemaDefinition,
    }),
  );
}

export function register(client: GlueClient, SchemaDefinition: string) {
  return client.send(new RegisterSchemaVersionCommand({ SchemaId, SchemaDefinition }));
}
