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
    error_message = "three of each"
  }

  assert {
    condition     = length(toset([for subnet in aws_subnet.private : subnet.availability_zone])) == 3
    error_message = "one private subnet a zone"
  }

  assert {
    condition     = length(toset(concat([for s in aws_subnet.public : s.cidr_block], [for s in aws_subnet.private : s.cidr_block]))) == 6
    error_message = "six ranges that differ"
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : !subnet.map_public_ip_on_launch])
    error_message = "nothing gets a public address by itself"
  }
}

run "S0-20_private_subnets_have_no_way_to_the_internet_unless_asked_for" {
  command = plan

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0
    error_message = "no NAT gateway, no route to one"
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.interface)) == toset(["ecr.api", "ecr.dkr", "glue", "logs", "secretsmanager", "sts"])
    error_message = "the interface endpoints that the services need"
  }

  assert {
    condition     = toset(keys(aws_vpc_endpoint.gateway)) == toset(["s3", "dynamodb"])
    error_message = "both gateway endpoints"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints.to_port == 443
    error_message = "endpoints answer on 443 alone"
  }
}

run "one_nat_gateway_serves_all_zones" {
  command = plan

  variables {
    nat = "single"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 3
    error_message = "one gateway, three routes"
  }
}

run "a_nat_gateway_in_each_zone" {
  command = plan

  variables {
    nat = "per-zone"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_eip.nat) == 3
    error_message = "three gateways with an address each"
  }
}

run "all_connections_are_logged" {
  command = plan

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.retention_in_days == 30
    error_message = "all traffic, for 30 days"
  }
}

run "wrong_values_are_refused_by_name" {
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
