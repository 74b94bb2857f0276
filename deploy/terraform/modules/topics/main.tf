data "aws_region" "current" {}

locals {
  dead_letter_topic = coalesce(var.dead_letter_topic, "${var.topic}.dlq")

  command = concat(
    ["topics", "create", "--partitions", tostring(var.partitions), "--timeout", "240"],
    var.replication_factor == null ? [] : ["--replication-factor", tostring(var.replication_factor)],
  )
}

module "task" {
  source = "../ecs-task"

  name               = var.name
  network            = var.network
  kafka              = var.kafka
  image              = var.image
  command            = local.command
  policy_json        = data.aws_iam_policy_document.task.json
  log_retention_days = var.log_retention_days

  environment = {
    TOPIC_NAME = var.topic
    DLQ_TOPIC  = local.dead_letter_topic
  }
}

# Runs once for each revision of the task. Existing topics are not changed.
resource "terraform_data" "run" {
  triggers_replace = [module.task.task_definition_arn]
  input            = module.task.task_definition_arn

  provisioner "local-exec" {
    command = "${path.module}/../ecs-task/run-task.sh"

    environment = {
      AWS_REGION      = data.aws_region.current.region
      CLUSTER         = var.cluster_name
      TASK_DEFINITION = module.task.task_definition_arn
      SUBNETS         = join(",", module.task.network.subnet_ids)
      SECURITY_GROUPS = join(",", module.task.network.security_group_ids)
      LOG_GROUP       = module.task.log_group
    }
  }
}
