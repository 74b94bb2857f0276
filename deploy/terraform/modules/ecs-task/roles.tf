# Two roles: what ECS does to start the task, and what the code in it does. Neither can do the other's part.

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
      # Any cluster of this account and region: a task's ARN is not known before it runs.
      values = ["${local.aws}:ecs:${local.region}:${local.account}:*"]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid     = "RegistryLogin"
    actions = ["ecr:GetAuthorizationToken"]
    # The action knows no resource: the token is for the whole registry, and pulls are limited below.
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
    # The streams of this one group: each task's has its id in the name.
    resources = ["${local.aws}:logs:${local.region}:${local.account}:log-group:${local.log_group}:*"]
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
    # None of these actions knows a resource.
    resources = ["*"]
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  description        = "Starts tasks of ${var.name}: pulls the image, writes the log"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-task"
  role   = aws_iam_role.execution.name
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  description        = "What ${var.name} itself may call"
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
