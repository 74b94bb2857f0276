provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix     = "orders-test"
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.0.0/16"
  subnet_id  = "subnet-0123456789abcdef0"
}

run "S0-20_developers_enter_the_VPC_through_a_session_and_not_through_an_open_port" {
  command = plan

  assert {
    condition     = !aws_instance.host.associate_public_ip_address && aws_instance.host.subnet_id == var.subnet_id
    error_message = "expected a host in the given subnet without a public address"
  }

  assert {
    condition     = aws_instance.host.metadata_options[0].http_tokens == "required" && aws_instance.host.root_block_device[0].encrypted
    error_message = "expected IMDSv2 and an encrypted disk"
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.tls.from_port == 443 && aws_vpc_security_group_egress_rule.tls.cidr_ipv4 == "10.0.0.0/16"
      && aws_vpc_security_group_egress_rule.kafka.from_port == 9098 && aws_vpc_security_group_egress_rule.kafka.cidr_ipv4 == "10.0.0.0/16"
    )
    error_message = "expected egress to 443 and 9098 inside the VPC only"
  }
}

run "the_host_may_accept_sessions_and_nothing_else" {
  command = plan

  assert {
    condition     = alltrue([for action in flatten(jsondecode(data.aws_iam_policy_document.session.json).Statement[*].Action) : startswith(action, "ssmmessages:") || action == "ssm:UpdateInstanceInformation"])
    error_message = "expected only the calls that sessions need"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix        = "Orders"
    vpc_id        = "orders"
    cidr_block    = "0.0.0.0/0"
    subnet_id     = "private"
    instance_type = "t3.nano"
  }

  expect_failures = [var.prefix, var.vpc_id, var.cidr_block, var.subnet_id, var.instance_type]
}
