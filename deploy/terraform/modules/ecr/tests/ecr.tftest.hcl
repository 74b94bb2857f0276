provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix = "orders-test"
}

run "each_image_has_a_repository_with_immutable_tags" {
  command = plan

  assert {
    condition     = toset([for repository in aws_ecr_repository.this : repository.name]) == toset(["orders-test/order-producer", "orders-test/order-consumer", "orders-test/orders", "orders-test/collector"])
    error_message = "expected four repositories"
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push])
    error_message = "expected immutable tags and a scan on each push"
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this["orders"].policy).rules[0].selection.countNumber == 20
    error_message = "expected the newest 20 releases to be kept"
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.this["orders"].policy).rules : rule.selection.tagStatus] == ["tagged", "untagged"]
    error_message = "expected tagged images to be counted, and untagged ones to expire by age"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix      = "Orders"
    images      = ["Order Producer"]
    kept_images = 1
  }

  expect_failures = [var.prefix, var.images, var.kept_images]
}
