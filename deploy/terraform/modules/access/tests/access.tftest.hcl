provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix     = "orders-test"
  vpc_id     = "vpc-0123456789abcdef0"
  cidr_block = "10.0.0.0/16"
  subnet_id  = "subnet-0123456789abcdef0"
}

run "S0-20_a_developer_gets_into_the_VPC_by_a_session_and_not_by_a_port" {
  command = plan

  assert {
    condition     = !aws_instance.host.associate_public_ip_address && aws_instance.host.subnet_id == var.subnet_id
    error_message = "no public address"
  }

  assert {
    condition     = aws_instance.host.metadata_options[0].http_tokens == "required" && aws_instance.host.root_block_device[0].encrypted
    error_message = "IMDSv2, encrypted disk"
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.tls.from_port == 443 && aws_vpc_security_group_egress_rule.tls.cidr_ipv4 == "10.0.0.0/16"
      && aws_vpc_security_group_egress_rule.kafka.from_port == 9098 && aws_vpc_security_group_egress_rule.kafka.cidr_ipv4 == "10.0.0.0/16"
    )
    error_message = "out to 443 and 9098 inside the VPC"
  }
}

run "the_host_may_take_sessions_and_nothing_else" {
  command = plan

  assert {
    condition     = alltrue([for action in flatten(jsondecode(data.aws_iam_policy_document.session.json).Statement[*].Action) : startswith(action, "ssmmessages:") || action == "ssm:UpdateInstanceInformation"])
    error_message = "the session's own calls"
  }
}

run "wrong_values_are_refused_by_name" {
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
