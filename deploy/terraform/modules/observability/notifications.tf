# One topic for each severity of the rules. Subscriptions are made outside this stack.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region
  aws     = "arn:${data.aws_partition.current.partition}"
}

resource "aws_sns_topic" "this" {
  #checkov:skip=CKV_AWS_26:Alarms contain no orders and no secrets, and CloudWatch cannot publish to a topic encrypted with the AWS managed key.
  for_each = toset(["page", "ticket"])

  name = "${var.prefix}-${each.key}"
}

data "aws_iam_policy_document" "publish" {
  for_each = aws_sns_topic.this

  statement {
    sid       = "CloudWatchAlarms"
    actions   = ["sns:Publish"]
    resources = [each.value.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      # The alarms of the app stack, which is applied later.
      values = ["${local.aws}:cloudwatch:${local.region}:${local.account}:alarm:${var.prefix}-*"]
    }
  }

  dynamic "statement" {
    for_each = aws_prometheus_workspace.this

    content {
      sid       = "AlertManager"
      actions   = ["sns:GetTopicAttributes", "sns:Publish"]
      resources = [each.value.arn]

      principals {
        type        = "Service"
        identifiers = ["aps.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [statement.value.arn]
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  for_each = aws_sns_topic.this

  arn    = each.value.arn
  policy = data.aws_iam_policy_document.publish[each.key].json
}
