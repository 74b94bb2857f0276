data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  topic_arn = "${replace(var.kafka.cluster_arn, ":cluster/", ":topic/")}/${var.topic}"

  glue         = "arn:${data.aws_partition.current.partition}:glue:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
  registry_arn = "${local.glue}:registry/${var.registry_name}"
  schema_arn   = "${local.glue}:schema/${var.registry_name}/${var.topic}-value"
}

data "aws_iam_policy_document" "task" {
  #checkov:skip=CKV_AWS_356:Only GetSchemaVersion, whose request names no resource; see the comment in its statement.
  statement {
    sid       = "Cluster"
    actions   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"]
    resources = [var.kafka.cluster_arn]
  }

  statement {
    sid       = "Topic"
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    resources = [local.topic_arn]
  }

  statement {
    sid       = "FindSchema"
    actions   = ["glue:GetRegistry", "glue:GetSchema", "glue:GetSchemaByDefinition"]
    resources = [local.registry_arn, local.schema_arn]
  }

  statement {
    sid     = "VersionById"
    actions = ["glue:GetSchemaVersion"]
    # The request names a version by its id only, so there is no ARN that Glue could compare with the policy
    # (awslabs/aws-glue-schema-registry#68). Ids are random UUIDs.
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.schema_auto_registration ? [1] : []

    content {
      sid = "RegisterSchema"
      actions = [
        "glue:CreateRegistry", "glue:CreateSchema", "glue:PutSchemaVersionMetadata", "glue:RegisterSchemaVersion",
      ]
      # PutSchemaVersionMetadata as in AWS's own example for serializers. If Glue denies it, a version has no label and works all
      # the same.
      resources = [local.registry_arn, local.schema_arn]
    }
  }
}
