data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  topics_arn = replace(var.kafka.cluster_arn, ":cluster/", ":topic/")
  group_arn  = "${replace(var.kafka.cluster_arn, ":cluster/", ":group/")}/${local.group_id}"

  glue = "arn:${data.aws_partition.current.partition}:glue:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}"
}

data "aws_iam_policy_document" "task" {
  #checkov:skip=CKV_AWS_356:Only GetSchemaVersion, whose request names no resource; see the comment in its statement.
  statement {
    sid = "Cluster"
    # The dead-letter producer is idempotent.
    actions   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"]
    resources = [var.kafka.cluster_arn]
  }

  statement {
    sid       = "ReadTopics"
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
    resources = [for topic in var.topics : "${local.topics_arn}/${topic}"]
  }

  statement {
    sid       = "WriteDeadLetters"
    actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
    resources = [for topic in local.dead_letter_topics : "${local.topics_arn}/${topic}"]
  }

  statement {
    sid       = "Group"
    actions   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
    resources = [local.group_arn]
  }

  statement {
    sid     = "FindSchema"
    actions = ["glue:GetRegistry", "glue:GetSchema"]
    resources = concat(
      ["${local.glue}:registry/${var.registry_name}"],
      [for topic in var.topics : "${local.glue}:schema/${var.registry_name}/${topic}-value"],
    )
  }

  dynamic "statement" {
    for_each = var.sinks.dynamodb[*]

    content {
      sid       = "Items"
      actions   = concat(["dynamodb:PutItem"], var.tombstones == "delete" ? ["dynamodb:DeleteItem"] : [])
      resources = [statement.value.table_arn]
    }
  }

  dynamic "statement" {
    for_each = var.sinks.s3[*]

    content {
      sid = "Files"
      # GetObject: a file that another member has stored is read for its range of offsets.
      actions   = ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"]
      resources = ["${statement.value.bucket_arn}/${statement.value.prefix}/*"]
    }
  }

  dynamic "statement" {
    for_each = var.sinks.s3[*]

    content {
      sid = "ListFiles"
      # Without ListBucket, S3 answers 403 instead of 404 for an object that does not exist.
      actions   = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
      resources = [statement.value.bucket_arn]
    }
  }

  dynamic "statement" {
    for_each = length(local.assumed_roles) == 0 ? [] : [values(local.assumed_roles)]

    content {
      sid       = "AssumeRoles"
      actions   = ["sts:AssumeRole"]
      resources = distinct(statement.value)
    }
  }

  statement {
    sid     = "VersionById"
    actions = ["glue:GetSchemaVersion"]
    # The request names a version by its id only, so there is no ARN that Glue could compare with the policy
    # (awslabs/aws-glue-schema-registry#68). Ids are random UUIDs.
    resources = ["*"]
  }
}
