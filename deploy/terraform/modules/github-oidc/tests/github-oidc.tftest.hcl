provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix      = "orders-test"
  repository  = "example/order-stream"
  environment = "test"
}

run "S0-21_only_this_repository_in_this_environment_can_assume_the_role" {
  command = apply

  assert {
    condition = one(jsondecode(data.aws_iam_policy_document.trust.json).Statement).Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:example/order-stream:environment:test"
      }
    }
    error_message = "expected StringEquals on audience and subject"
  }

  assert {
    condition     = one(jsondecode(data.aws_iam_policy_document.trust.json).Statement).Principal.Federated == aws_iam_openid_connect_provider.github[0].arn
    error_message = "expected GitHub's identity provider"
  }
}

run "S0-21_only_the_services_own_roles_may_be_passed" {
  command = plan

  assert {
    condition = toset(one([for s in jsondecode(output.policy_json).Statement : s.Resource if s.Sid == "WithTheServicesRoles"])) == toset([
      "arn:aws:iam::123456789012:role/orders-test-order-consumer-execution", "arn:aws:iam::123456789012:role/orders-test-order-consumer-task",
      "arn:aws:iam::123456789012:role/orders-test-order-producer-execution", "arn:aws:iam::123456789012:role/orders-test-order-producer-task",
    ])
    error_message = "expected four roles, passed only to ECS tasks"
  }
}

run "a_second_environment_uses_the_accounts_existing_provider" {
  command = plan

  variables {
    create_provider = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && one(jsondecode(data.aws_iam_policy_document.trust.json).Statement).Principal.Federated == "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
    error_message = "expected the ARN of the existing provider"
  }
}

run "wildcards_are_rejected_by_name" {
  command = plan

  variables {
    prefix      = "-"
    repository  = "example/*"
    environment = "*"
    images      = ["order-producer", "*"]
    services    = ["order-*"]
  }

  expect_failures = [var.prefix, var.repository, var.environment, var.images, var.services]
}
