// terraform-task-definitions.ts [--write], TERRAFORM_RENDERED as for tests/terraform: the services' task definitions as Terraform
// renders them, compared with those that are checked in; tests/images starts the images by these.
import {
  renderedEnvironments,
  resourceEnding,
  resourcesOf,
} from '../tests/terraform/rendered-stacks.ts';
import { formattedJson, type GeneratedFile, writeOrCompare } from './generated-file.ts';

const files = renderedEnvironments().flatMap((environment) =>
  ['order-producer', 'order-consumer'].map((service): GeneratedFile => {
    const app = resourcesOf(environment, 'app');
    const { values } = resourceEnding(app, 'aws_ecs_task_definition', 'family', `-${service}`);
    const path = `tests/terraform/task-definitions/${environment}-${service}.json`;
    const content = formattedJson(path, {
      family: values.family,
      cpu: values.cpu,
      memory: values.memory,
      containerDefinitions: JSON.parse(String(values.container_definitions)),
    });
    return { path, content };
  }),
);
writeOrCompare('terraform-task-definitions.ts', files);
