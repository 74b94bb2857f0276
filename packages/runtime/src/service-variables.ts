import Type, { type Static } from 'typebox';
import { type RegistrySettings, registryVariables } from './registry-variables.ts';
import { tracingVariables } from './tracing.ts';
import { choice, host, port } from './value-kinds.ts';
import { awsVariables, kafkaVariables } from './variables.ts';

/** The variables that both services have. */
export const serviceVariables = (ports: { management: number }) => ({
  ...kafkaVariables,
  ...awsVariables,
  ...registryVariables,
  HOST: host({ default: '0.0.0.0', description: 'Address to listen on' }),
  MANAGEMENT_PORT: port(ports.management, '`/healthz`, `/readyz`, `/metrics`'),
  DRAIN_DELAY_MS: Type.Integer({
    minimum: 0,
    maximum: 20_000,
    default: 5_000,
    description: 'Time from SIGTERM, with readiness red, until work stops',
  }),
  LOG_LEVEL: choice(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'Lowest level that is logged, on stderr',
  ),
  ...tracingVariables,
});

const serviceSchema = Type.Object(serviceVariables({ management: 0 }));

/** The configuration of a service: its variables, with one value in place of the registry's. */
export type ServiceConfig<Variables = Static<typeof serviceSchema>> = Omit<
  Variables,
  keyof typeof registryVariables
> & { registry: RegistrySettings };
