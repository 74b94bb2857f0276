/**
 * The definitions that the Glue converter of Kafka Connect registers for the MSK data generator, byte for byte.
 *
 * Source: the generator names each record of values `com.amazonaws.mskdatagen.Gen0` and makes every field an optional string
 * (awslabs/amazon-msk-data-generator, `SchemaValueResultBuilder`). The fields have the order of a Java `HashMap` of their names,
 * which is that of the schema in
 * https://jaehyeon.me/blog/2023-06-04-kafka-connect-for-aws-part-6/. The converter prints Avro as compact JSON, with the
 * name of Connect's schema as the last member.
 */
const recordOf = (fields: readonly string[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'Gen0',
    namespace: 'com.amazonaws.mskdatagen',
    fields: fields.map((name) => ({ name, type: ['null', 'string'], default: null })),
    'connect.name': 'com.amazonaws.mskdatagen.Gen0',
  });

export const customerSchema = recordOf(['name']);
export const orderSchema = recordOf(['quantity', 'product_id', 'customer_id']);
