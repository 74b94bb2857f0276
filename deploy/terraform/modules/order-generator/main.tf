data "aws_caller_identity" "current" {}

module "task" {
  source = "../ecs-task"

  name               = var.name
  network            = var.network
  image              = var.image
  command            = ["produce", "--url", var.url]
  environment        = { MAX_RUN_SEC = tostring(var.max_run_seconds) }
  log_retention_days = var.log_retention_days
}

resource "aws_vpc_security_group_egress_rule" "producer" {
  security_group_id            = module.task.security_group_id
  description                  = "Orders over TLS"
  referenced_security_group_id = var.load_balancer_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_scheduler_schedule" "this" {
  #checkov:skip=CKV_AWS_297:The schedule's input contains no secrets. Scheduler encrypts with its own key.
  count = var.to_enable_trigger ? 1 : 0

  name                = var.name
  description         = "Starts ${var.task_count} generators"
  schedule_expression = var.schedule
  state               = "ENABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.schedule[0].arn

    ecs_parameters {
      task_definition_arn = module.task.task_definition_arn
      task_count          = var.task_count
      launch_type         = "FARGATE"

      network_configuration {
        subnets          = module.task.network.subnet_ids
        security_groups  = module.task.network.security_group_ids
        assign_public_ip = false
      }
    }

    # A missed minute is not repeated: the next minute has its own orders.
    retry_policy {
      maximum_retry_attempts       = 0
      maximum_event_age_in_seconds = 60
    }
  }
}

data "aws_iam_policy_document" "schedule_trust" {
  count = var.to_enable_trigger ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "schedule" {
  count = var.to_enable_trigger ? 1 : 0

  statement {
    sid       = "StartGenerators"
    actions   = ["ecs:RunTask"]
    resources = [module.task.task_definition_arn]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [var.cluster_arn]
    }
  }

  statement {
    sid       = "AsTheTask"
    actions   = ["iam:PassRole"]
    resources = [module.task.task_role_arn, module.task.execution_role_arn]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "schedule" {
  count = var.to_enable_trigger ? 1 : 0

  name               = "${var.name}-schedule"
  description        = "Starts tasks of ${var.name} on schedule"
  assume_role_policy = data.aws_iam_policy_document.schedule_trust[0].json
}

resource "aws_iam_role_policy" "schedule" {
  count = var.to_enable_trigger ? 1 : 0

  name   = "start-tasks"
  role   = aws_iam_role.schedule[0].name
  policy = data.aws_iam_policy_document.schedule[0].json
}
