data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Contains the account id, because bucket names are global.
  log_bucket     = "${var.prefix}-msk-logs-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.region}"
  log_bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${local.log_bucket}"
}

resource "aws_cloudwatch_log_group" "brokers" {
  #checkov:skip=CKV_AWS_158:Broker logs contain no records. CloudWatch Logs encrypts with its own key.
  #checkov:skip=CKV_AWS_338:The retention is short here and longer in the bucket.
  name              = "/msk/${var.prefix}/brokers"
  retention_in_days = var.log_retention_days
}

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_18:A log bucket that logs its own access would grow without end.
  #checkov:skip=CKV_AWS_144:Broker logs need no copy in a second region.
  #checkov:skip=CKV_AWS_145:The log delivery service writes with the bucket's own key (SSE-S3).
  #checkov:skip=CKV_AWS_21:Log objects are written once and never change.
  #checkov:skip=CKV2_AWS_62:No consumer needs a notification for log objects.
  bucket        = local.log_bucket
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = 3 * var.log_retention_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

data "aws_iam_policy_document" "logs" {
  statement {
    sid     = "BrokerLogs"
    actions = ["s3:PutObject"]
    # The delivery service names each object by cluster, broker and hour.
    resources = ["${local.log_bucket_arn}/logs/msk/*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }

  statement {
    sid       = "BrokerLogsAcl"
    actions   = ["s3:GetBucketAcl"]
    resources = [local.log_bucket_arn]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }

  statement {
    sid    = "TlsOnly"
    effect = "Deny"
    # A Deny for all actions and all callers, so that none is forgotten.
    actions   = ["s3:*"]
    resources = [local.log_bucket_arn, "${local.log_bucket_arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json

  depends_on = [aws_s3_bucket_public_access_block.logs]
}
