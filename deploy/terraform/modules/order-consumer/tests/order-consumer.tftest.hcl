provider "aws" {
  region = "ap-southeast-2"
}

variables {
  name = "orders-test-order-consumer"
  network = {
    vpc_id                      = "vpc-0123456789abcdef0"
    subnet_ids                  = ["subnet-a", "subnet-b", "subnet-c"]
    endpoints_security_group_id = "sg-0123456789abcdef0"
  }
  service = {
    cluster_name = "orders-test"
    image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/order-consumer:1.0.0"
  }
  kafka = {
    cluster_arn              = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2"
    bootstrap_servers        = "b-1.example:9098,b-2.example:9098"
    client_security_group_id = "sg-0123456789abcdef1"
  }
}

run "D-09_S0-15_the_service_connects_with_IAM_on_9098" {
  command = plan

  assert {
    condition = {
      for variable in output.container.environment : variable.name => variable.value
      } == {
      AWS_REGION        = "ap-southeast-2"
      BOOTSTRAP_SERVERS = "b-1.example:9098,b-2.example:9098"
      GROUP_ID          = "orders-group-01"
      LOG_LEVEL         = "info"
      REGISTRY_NAME     = "customer"
      SASL_MECHANISM    = "AWS_MSK_IAM"
      SECURITY_PROTOCOL = "SASL_SSL"
      TOMBSTONES        = "ignore"
      TOPIC_NAMES       = "orders"
    }
    error_message = "expected exactly these environment variables"
  }
}

run "the_log_driver_does_not_drop_what_stdout_accepted" {
  command = plan

  assert {
    condition     = output.container.logConfiguration.options.mode == "blocking"
    error_message = "expected blocking logs, because stdout is the sink"
  }
}

run "S0-21_dead_letters_go_only_to_the_dead_letter_topics" {
  command = plan

  variables {
    topics = ["orders", "returns"]
  }

  assert {
    condition = toset(flatten([for s in jsondecode(output.policy_json).Statement : s.Resource if s.Sid == "WriteDeadLetters"])) == toset([
      "arn:aws:kafka:ap-southeast-2:123456789012:topic/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2/orders.dlq",
      "arn:aws:kafka:ap-southeast-2:123456789012:topic/orders-test-msk-cluster/11111111-2222-3333-4444-555555555555-2/returns.dlq",
    ])
    error_message = "expected write access to <topic>.dlq of each topic only"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.behind) == 2 && length(aws_cloudwatch_metric_alarm.caught_up.metric_query) == 3
    error_message = "expected the lag of each topic"
  }
}

run "scaling_follows_the_time_that_the_group_needs_to_catch_up" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.behind["orders"].metric_name == "EstimatedMaxTimeLag" && aws_cloudwatch_metric_alarm.behind["orders"].threshold == 60
    error_message = "expected to scale out above 60 s"
  }

  assert {
    condition = aws_cloudwatch_metric_alarm.behind["orders"].dimensions == tomap({
      "Cluster Name"   = "orders-test-msk-cluster"
      "Consumer Group" = "orders-group-01"
      "Topic"          = "orders"
    })
    error_message = "expected the metric of this cluster, group and topic"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.behind["orders"].treat_missing_data == "ignore" && aws_cloudwatch_metric_alarm.caught_up.treat_missing_data == "ignore"
    error_message = "expected missing data to change nothing"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.caught_up.evaluation_periods == 15 && aws_appautoscaling_policy.in.step_scaling_policy_configuration[0].cooldown == 600
    error_message = "expected to scale in slowly"
  }
}

run "a_deployment_that_does_not_keep_up_is_rolled_back" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.left_behind["orders"].threshold == 120 && aws_cloudwatch_metric_alarm.left_behind["orders"].evaluation_periods == 3 && aws_cloudwatch_metric_alarm.left_behind["orders"].alarm_actions == null
    error_message = "expected twice the lag that adds tasks, for three minutes"
  }
}

run "more_tasks_than_partitions_are_rejected" {
  command = plan

  variables {
    partitions = 3
  }

  expect_failures = [var.service]
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    topics            = ["orders", "dead"]
    dead_letter_topic = "dead"
    group_id          = "a:b"
    tombstones        = "delete"
    max_lag_seconds   = 1
    service = {
      cluster_name = "orders-test"
      image        = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/orders-test/order-consumer:1.0.0"
      log_level    = "loud"
    }
    registry_name = "a b"
  }

  expect_failures = [
    var.dead_letter_topic, var.group_id, var.tombstones, var.max_lag_seconds, var.service, var.registry_name,
  ]
}
