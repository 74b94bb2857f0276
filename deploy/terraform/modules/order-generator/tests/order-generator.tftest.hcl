provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-order-generator"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  load_balancer_security_group_id = "sg-0123456789abcdef1"
  cluster_arn                     = "arn:aws:ecs:ap-southeast-2:123456789012:cluster/orders-test"
  image                           = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/orders:1.0.0"
  url                             = "https://orders.example.com"
}

run "S0-13_no_generator_starts_automatically_by_default" {
  command = plan

  assert {
    condition     = length(aws_scheduler_schedule.this) == 0 && length(aws_iam_role.schedule) == 0
    error_message = "expected no schedule and no role for one"
  }

  assert {
    condition     = join(" ", output.container.command) == "produce --url https://orders.example.com" && output.container.environment == [{ name = "MAX_RUN_SEC", value = "60" }]
    error_message = "expected orders produce for 60 s"
  }
}

run "S0-13_five_generators_start_every_minute_and_are_never_retried" {
  command = plan

  variables {
    to_enable_trigger = true
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].schedule_expression == "rate(1 minute)" && aws_scheduler_schedule.this[0].flexible_time_window[0].mode == "OFF"
    error_message = "expected a start every minute"
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].task_count == 5
    error_message = "expected five tasks at once"
  }

  assert {
    condition     = aws_scheduler_schedule.this[0].target[0].retry_policy[0].maximum_retry_attempts == 0
    error_message = "expected no retries"
  }

  assert {
    condition     = !aws_scheduler_schedule.this[0].target[0].ecs_parameters[0].network_configuration[0].assign_public_ip
    error_message = "expected no public address"
  }
}

run "S0-20_a_generator_reaches_only_the_load_balancer_and_AWS" {
  command = plan

  assert {
    condition     = aws_vpc_security_group_egress_rule.producer.referenced_security_group_id == "sg-0123456789abcdef1" && aws_vpc_security_group_egress_rule.producer.to_port == 443
    error_message = "expected egress to the producer's load balancer on 443"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    cluster_arn                     = "orders"
    url                             = "http://orders.example.com"
    load_balancer_security_group_id = "alb"
    schedule                        = "every minute"
    task_count                      = 11
    max_run_seconds                 = 0
  }

  expect_failures = [
    var.cluster_arn, var.url, var.load_balancer_security_group_id, var.schedule, var.task_count, var.max_run_seconds,
  ]
}
