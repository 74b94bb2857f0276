provider "aws" {
  region = "ap-southeast-2"
}

variables {
  bucket = "orders-test-files-123456789012"
}

run "the_bucket_is_private_versioned_and_encrypted" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy
      && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    )
    error_message = "expected no public access"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "expected versions, which a plugin of MSK Connect names"
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : s.Sid] == ["TlsOnly"]
    error_message = "expected a policy that rejects calls without TLS and allows nothing"
  }
}

run "the_log_delivery_service_writes_under_its_prefix_for_this_account_only" {
  command = plan

  variables {
    log_delivery_prefix = "msk-connect"
    expiration_days     = 21
  }

  assert {
    condition = [
      for s in jsondecode(data.aws_iam_policy_document.this.json).Statement : [s.Resource, s.Condition.StringEquals["aws:SourceAccount"]] if s.Sid == "Logs"
    ] == [["arn:aws:s3:::orders-test-files-123456789012/msk-connect/*", "123456789012"]]
    error_message = "expected PutObject under msk-connect/ for this account"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == 21
    error_message = "expected objects to expire"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    bucket          = "Orders"
    expiration_days = 0
  }

  expect_failures = [var.bucket, var.expiration_days]
}
