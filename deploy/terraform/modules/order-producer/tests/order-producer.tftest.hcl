provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-order-producer"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  service = {
    cluster_name = "orders-test"
    image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/order-producer:1.0.0"
  }
  domain_name        = "orders.example.com"
  hosted_zone_id     = "Z0123456789"
  client_cidr_blocks = ["10.0.0.0/16"]
  kafka = {
    cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
    bootstrap_servers        = "b-1.example:9098,b-2.example:9098"
    client_security_group_id = "sg-0123456789abcdef1"
  }
}

run "D-09_the_load_balancer_is_internal_and_uses_TLS" {
  command = plan

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.subnets == toset(var.network.subnet_ids)
    error_message = "expected an internal load balancer in the private subnets"
  }

  assert {
    condition     = aws_lb_listener.https.port == 443 && aws_lb_listener.https.protocol == "HTTPS" && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13")
    error_message = "expected TLS only"
  }

  assert {
    condition     = aws_lb_target_group.this.deregistration_delay == "15" && aws_lb_target_group.this.health_check[0].path == "/readyz" && aws_lb_target_group.this.health_check[0].port == "9464"
    error_message = "expected health checks of /readyz on the management port, and deregistration in 15 s"
  }

  assert {
    condition     = aws_lb_target_group.this.health_check[0].interval * aws_lb_target_group.this.health_check[0].unhealthy_threshold == 100 && aws_lb_target_group.this.health_check[0].healthy_threshold == 2
    error_message = "expected tasks to survive a minute without brokers"
  }
}

run "D-09_S0-15_the_service_connects_with_IAM_on_9098" {
  command = plan

  assert {
    condition = {
      for variable in output.container.environment : variable.name => variable.value
      } == {
      AUTH_MODE                = "none"
      AWS_REGION               = "ap-southeast-2"
      BOOTSTRAP_SERVERS        = "b-1.example:9098,b-2.example:9098"
      LOG_LEVEL                = "info"
      REGISTRY_NAME            = "customer"
      SASL_MECHANISM           = "AWS_MSK_IAM"
      SCHEMA_AUTO_REGISTRATION = "true"
      SECURITY_PROTOCOL        = "SASL_SSL"
      TOPIC_NAME               = "orders"
    }
    error_message = "expected exactly these environment variables"
  }

  assert {
    condition     = output.container.stopTimeout > tonumber(aws_lb_target_group.this.deregistration_delay)
    error_message = "expected a stop timeout longer than deregistration"
  }
}

run "S0-20_only_the_load_balancer_reaches_the_tasks" {
  command = plan

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.tasks : rule.from_port]) == toset([3000, 9464]) && alltrue([for rule in aws_vpc_security_group_ingress_rule.tasks : rule.cidr_ipv4 == null])
    error_message = "expected 3000 and 9464 from the load balancer's security group"
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_egress_rule.tasks : rule.to_port]) == toset([3000, 9464])
    error_message = "expected the load balancer to reach only the tasks"
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.clients : "${rule.cidr_ipv4} ${rule.from_port}"] == ["10.0.0.0/16 443"]
    error_message = "expected clients on 443"
  }
}

run "S0-21_schema_registration_is_allowed_only_when_enabled" {
  command = plan

  variables {
    schema_auto_registration = false
  }

  assert {
    condition     = !strcontains(output.policy_json, "glue:CreateSchema") && strcontains(output.policy_json, "glue:GetSchemaByDefinition")
    error_message = "expected read-only access to the registry"
  }
}

run "S0-21_only_glue_GetSchemaVersion_is_allowed_on_all_resources" {
  command = plan

  assert {
    condition     = [for s in jsondecode(output.policy_json).Statement : s.Action if s.Resource == "*"] == ["glue:GetSchemaVersion"]
    error_message = "expected one wildcard"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    name               = "-orders"
    registry_name      = "a b"
    topic              = "a b"
    domain_name        = "orders"
    hosted_zone_id     = "example.com"
    client_cidr_blocks = ["0.0.0.0/0"]
    service = {
      cluster_name = "orders-test"
      image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/order-producer:1.0.0"
      log_level    = "loud"
    }
  }

  expect_failures = [
    var.name, var.registry_name, var.service, var.topic, var.domain_name, var.hosted_zone_id, var.client_cidr_blocks,
  ]
}
