import { join } from 'node:path';
import { root } from '@order-stream/local-stack/state-folder';
import { renderedEnvironments, resourceEnding, resourcesOf } from './rendered-stacks.ts';

/** The checked-in copies; tests/images starts the images with them. */
export const taskDefinitionFolder = join(root, 'tests/terraform/task-definitions');

/** File name → the task definition of a service, as Terraform renders it. */
export function renderedTaskDefinitions(): Map<string, object> {
  return new Map(
    renderedEnvironments().flatMap((environment) =>
      ['order-producer', 'order-consumer'].map((service): [string, object] => {
        const app = resourcesOf(environment, 'app');
        const { values } = resourceEnding(app, 'aws_ecs_task_definition', 'family', `-${service}`);
        return [
          `${environment}-${service}.json`,
          {
            family: values.family,
            cpu: values.cpu,
            memory: values.memory,
            containerDefinitions: JSON.parse(String(values.container_definitions)),
          },
        ];
      }),
    ),
  );
}
