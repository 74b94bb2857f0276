data "aws_region" "current" {}

locals {
  management_port    = 9465
  group_id           = coalesce(var.group_id, "${var.topics[0]}-group-01")
  dead_letter_topics = toset(var.dead_letter_topic == null ? [for topic in var.topics : "${topic}.dlq"] : [var.dead_letter_topic])
}

module "task" {
  source = "../ecs-task"

  name                        = var.name
  vpc_id                      = var.vpc_id
  endpoints_security_group_id = var.endpoints_security_group_id
  image                       = var.image
  ports                       = { management = local.management_port }
  cpu                         = var.cpu
  memory_mib                  = var.memory_mib
  policy_json                 = data.aws_iam_policy_document.task.json
  log_retention_days          = var.log_retention_days
  execute_command             = var.execute_command
  health_check                = ["node", "healthcheck.mjs", "MANAGEMENT_PORT", tostring(local.management_port), "/healthz"]

  environment = merge(
    {
      AWS_REGION        = data.aws_region.current.region
      BOOTSTRAP_SERVERS = var.kafka.bootstrap_servers
      SECURITY_PROTOCOL = "SASL_SSL"
      SASL_MECHANISM    = "AWS_MSK_IAM"
      TOPIC_NAMES       = join(",", var.topics)
      REGISTRY_NAME     = var.registry_name
      GROUP_ID          = local.group_id
      TOMBSTONES        = var.tombstones
      LOG_LEVEL         = var.log_level
    },
    var.dead_letter_topic == null ? {} : { DLQ_TOPIC = var.dead_letter_topic },
  )
}

module "service" {
  source = "../ecs-service"

  task                  = module.task
  cluster_name          = var.cluster_name
  subnet_ids            = var.subnet_ids
  security_group_ids    = [var.kafka.client_security_group_id]
  min_tasks             = var.min_tasks
  max_tasks             = var.max_tasks
  spot_weight           = var.spot_weight
  execute_command       = var.execute_command
  wait_for_steady_state = var.wait_for_steady_state
  start_after           = var.start_after
}
