# Two roles: the execution role lets ECS start the task, the task role is for the code in it. Neither has the other's rights.

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      # Any ECS resource of this account and region, because a task's ARN is not known before the task runs.
      values = ["${local.aws}:ecs:${local.region}:${local.account}:*"]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid     = "RegistryLogin"
    actions = ["ecr:GetAuthorizationToken"]
    # This action does not support resources: the token is valid for the whole registry. Pulls are limited below.
    resources = ["*"]
  }

  statement {
    sid     = "PullImage"
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [
      for image in compact([var.image, try(var.metrics.image, "")]) :
      "${local.aws}:ecr:${split(".", image)[3]}:${split(".", image)[0]}:repository/${regex("/([^@:]+)", image)[0]}"
    ]
  }

  statement {
    sid     = "WriteLogs"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    # All streams of this log group: each task's stream has the task's id in its name.
    resources = ["${local.aws}:logs:${local.region}:${local.account}:log-group:${local.log_group}:*"]
  }

  dynamic "statement" {
    for_each = length(var.secrets) == 0 ? [] : [1]

    content {
      sid       = "ReadSecrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = distinct([for secret in values(var.secrets) : secret.arn])
    }
  }
}

data "aws_iam_policy_document" "execute_command" {
  count = var.execute_command ? 1 : 0

  statement {
    sid = "SessionChannel"
    actions = [
      "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ]
    # None of these actions supports resources.
    resources = ["*"]
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  description        = "Starts tasks of ${var.name}: pulls images, writes logs"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-task"
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  description        = "Permissions of ${var.name} itself"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "task" {
  count = var.policy_json == null ? 0 : 1

  name   = "call"
  role   = aws_iam_role.task.name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "execute_command" {
  count = var.execute_command ? 1 : 0

  name   = "execute-command"
  role   = aws_iam_role.task.name
  policy = data.aws_iam_policy_document.execute_command[0].json
}
