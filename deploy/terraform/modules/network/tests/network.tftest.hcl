provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix = "orders-test"
}

run "S0-19_three_public_and_three_private_subnets_in_three_zones" {
  command = plan

  assert {
    condition     = length(aws_subnet.public) == 3 && length(aws_subnet.private) == 3
    error_message = "expected three public and three private subnets"
  }

  assert {
    condition     = length(toset([for subnet in aws_subnet.private : subnet.availability_zone])) == 3
    error_message = "expected one private subnet in each zone"
  }

  assert {
    condition     = length(toset(concat([for s in aws_subnet.public : s.cidr_block], [for s in aws_subnet.private : s.cidr_block]))) == 6
    error_message = "expected six different ranges"
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "expected no automatic public addresses"
  }
}

run "S0-20_private_subnets_have_no_route_to_the_internet_by_default" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "expected no NAT gateway and no route to one"
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["ecr.api", "ecr.dkr", "glue", "logs", "secretsmanager", "sts"])
    error_message = "expected the interface endpoints that the services need"
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.gateway)) == toset(["s3", "dynamodb"])
    error_message = "expected both gateway endpoints"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints.to_port == 443
    error_message = "expected endpoints that accept 443 only"
  }
}

run "one_nat_gateway_serves_all_zones" {
  command = plan

  variables {
    nat = "single"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "expected one gateway and three routes"
  }
}

run "a_nat_gateway_in_each_zone" {
  command = plan

  variables {
    nat = "per-zone"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_eip.nat) == 3
    error_message = "expected three gateways, each with its own address"
  }
}

run "all_connections_are_logged" {
  command = plan

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.retention_in_days == 30
    error_message = "expected a log of all traffic, kept for 30 days"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix                  = "Orders"
    cidr_block              = "10.0.0.0/26"
    nat                     = "many"
    endpoint_zones          = 4
    flow_log_retention_days = 31
    interface_endpoints     = ["ECR API"]
  }

  expect_failures = [
    var.prefix, var.cidr_block, var.nat, var.endpoint_zones, var.flow_log_retention_days, var.interface_endpoints,
  ]
}
