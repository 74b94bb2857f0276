data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region
  aws     = "arn:${data.aws_partition.current.partition}"
  glue    = "${local.aws}:glue:${local.region}:${local.account}"

  topics_arn = replace(var.kafka.cluster_arn, ":cluster/", ":topic/")
  groups_arn = replace(var.kafka.cluster_arn, ":cluster/", ":group/")

  offsets_topic = "${var.name}-offsets"

  reads          = compact(split(",", replace(lookup(local.config, "topics", ""), " ", "")))
  has_heartbeat  = lookup(local.config, "heartbeat.interval.ms", "0") != "0"
  schema_history = lookup(local.config, "schema.history.internal.kafka.topic", null)
  writes = concat(
    var.writes,
    local.has_heartbeat ? ["${lookup(local.config, "topic.heartbeat.prefix", "__debezium-heartbeat")}.${local.config["topic.prefix"]}"] : [],
    compact([lookup(local.config, "errors.deadletterqueue.topic.name", "")]),
  )
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["kafkaconnect.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      # MSK Connect appends an id to the connector's name when it creates the connector, which needs this role first.
      values = ["${local.aws}:kafkaconnect:${local.region}:${local.account}:connector/${var.name}/*"]
    }
  }
}

resource "aws_iam_role" "workers" {
  name               = "${var.name}-workers"
  description        = "Permissions of the connector ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "call" {
  name   = "call"
  role   = aws_iam_role.workers.name
  policy = data.aws_iam_policy_document.workers.json
}

# Source: MSK developer guide, "Understand service execution role".
data "aws_iam_policy_document" "workers" {
  #checkov:skip=CKV_AWS_356:Only GetSchemaVersion, whose request names no resource; see the comment in its statement.
  statement {
    sid = "Cluster"
    # Producers of Kafka 3 are idempotent unless told otherwise.
    actions   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"]
    resources = [var.kafka.cluster_arn]
  }

  statement {
    sid     = "WorkerTopics"
    actions = ["kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:ReadData", "kafka-cluster:WriteData"]
    # MSK Connect names the topics of configurations and status itself. AWS documents the prefix only.
    resources = ["${local.topics_arn}/__amazon_msk_connect_*", "${local.topics_arn}/${local.offsets_topic}"]
  }

  statement {
    sid     = "WorkerGroups"
    actions = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
    # The workers' own group, whose name AWS documents by its prefix only, and the group of a sink's tasks.
    resources = ["${local.groups_arn}/__amazon_msk_connect_*", "${local.groups_arn}/connect-${var.name}*"]
  }

  dynamic "statement" {
    for_each = length(local.reads) == 0 ? [] : [local.reads]

    content {
      sid       = "ReadTopics"
      actions   = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"]
      resources = [for topic in statement.value : "${local.topics_arn}/${topic}"]
    }
  }

  dynamic "statement" {
    for_each = length(local.writes) == 0 ? [] : [local.writes]

    content {
      sid       = "WriteTopics"
      actions   = ["kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"]
      resources = [for topic in statement.value : "${local.topics_arn}/${topic}"]
    }
  }

  dynamic "statement" {
    for_each = local.schema_history[*]

    content {
      sid       = "SchemaHistory"
      actions   = ["kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:DescribeTopicDynamicConfiguration", "kafka-cluster:ReadData", "kafka-cluster:WriteData"]
      resources = ["${local.topics_arn}/${statement.value}"]
    }
  }

  dynamic "statement" {
    for_each = local.schema_history[*]

    content {
      sid = "SchemaHistoryGroup"
      # Debezium reads the history as a group of its own.
      actions   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
      resources = ["${local.groups_arn}/${local.config["topic.prefix"]}-schemahistory"]
    }
  }

  dynamic "statement" {
    for_each = var.registry == null ? [] : [1]

    content {
      sid     = "VersionById"
      actions = ["glue:GetSchemaVersion"]
      # The request names a version by its id only, so there is no ARN that Glue could compare with the policy
      # (awslabs/aws-glue-schema-registry#68). Ids are random UUIDs.
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = try(length(var.registry.registers), 0) == 0 ? [] : [var.registry]

    content {
      sid     = "RegisterSchemas"
      actions = ["glue:CreateSchema", "glue:GetSchemaByDefinition", "glue:PutSchemaVersionMetadata", "glue:RegisterSchemaVersion"]
      resources = concat(
        ["${local.glue}:registry/${statement.value.name}"],
        [for schema in statement.value.registers : "${local.glue}:schema/${statement.value.name}/${schema}"],
      )
    }
  }

  dynamic "statement" {
    for_each = var.bucket[*]

    content {
      sid       = "Files"
      actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      resources = ["${statement.value.arn}/${statement.value.prefix}/*"]
    }
  }

  dynamic "statement" {
    for_each = var.bucket[*]

    content {
      sid       = "Bucket"
      actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
      resources = [statement.value.arn]
    }
  }

  dynamic "statement" {
    for_each = length(var.secrets) == 0 ? [] : [values(var.secrets)]

    content {
      sid       = "Secrets"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = statement.value
    }
  }

  dynamic "statement" {
    for_each = length(var.kms_key_arns) == 0 ? [] : [var.kms_key_arns]

    content {
      sid       = "DecryptSecrets"
      actions   = ["kms:Decrypt"]
      resources = statement.value

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.${data.aws_partition.current.dns_suffix}"]
      }
    }
  }
}
