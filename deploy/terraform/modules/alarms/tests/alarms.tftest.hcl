provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix        = "orders-test"
  alerts_file   = "../../../../docker/prometheus/rules/alerts.yml"
  topic_arns    = { page = "arn:aws:sns:ap-southeast-2:123456789012:orders-test-page", ticket = "arn:aws:sns:ap-southeast-2:123456789012:orders-test-ticket" }
  load_balancer = { arn_suffix = "app/orders-test/0123456789abcdef", target_group_arn_suffix = "targetgroup/orders-test/0123456789abcdef" }
  consumer      = { cluster_name = "orders-test", service_name = "orders-test-order-consumer", group_id = "orders-group-01", hold_seconds = 0 }
  kafka         = { cluster_name = "orders-test-msk-cluster", topic = "orders", dead_letter_topic = "orders.dlq" }
}

run "an_alert_with_two_windows_notifies_once_when_both_hold" {
  command = plan

  assert {
    condition     = aws_cloudwatch_composite_alarm.this["OrdersErrorBudgetBurnsFast"].alarm_rule == "ALARM(\"orders-test-OrdersErrorBudgetBurnsFast-1h\") AND ALARM(\"orders-test-OrdersErrorBudgetBurnsFast-5m\")"
    error_message = "expected an alarm when both windows are in alarm"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this["OrdersErrorBudgetBurnsFast-1h"].alarm_actions) == 0 && aws_cloudwatch_composite_alarm.this["OrdersErrorBudgetBurnsFast"].alarm_actions == toset([var.topic_arns.page])
    error_message = "expected actions on the composite alarm only"
  }
}

run "dead_letters_are_counted_on_all_brokers" {
  command = plan

  assert {
    condition     = one(aws_cloudwatch_metric_alarm.this["OrdersDeadLetters"].metric_query).period == 600 && strcontains(one(aws_cloudwatch_metric_alarm.this["OrdersDeadLetters"].metric_query).expression, "Topic = 'orders.dlq'") && aws_cloudwatch_metric_alarm.this["OrdersDeadLetters"].alarm_actions == toset([var.topic_arns.ticket])
    error_message = "expected one query over all brokers"
  }
}

run "the_alarm_on_lag_grants_the_time_for_which_the_sinks_keep_records" {
  command = plan

  variables {
    consumer = { cluster_name = "orders-test", service_name = "orders-test-order-consumer", group_id = "orders-group-01", hold_seconds = 60 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["OrdersConsumerLags"].threshold == 90
    error_message = "expected the 30 s of the alert and the 60 s of the sinks"
  }
}

run "missing_data_is_an_alarm_only_for_counts_of_running_tasks" {
  command = plan

  assert {
    condition = [for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name if alarm.treat_missing_data == "breaching"] == [
      "orders-test-OrdersConsumerAbsent", "orders-test-OrdersProducerAbsent",
    ]
    error_message = "expected OrdersConsumerAbsent and OrdersProducerAbsent only"
  }
}

run "an_alert_without_a_condition_or_a_reason_fails_the_plan" {
  command = plan

  variables {
    alerts_file = "tests/undecided.yml"
  }

  expect_failures = [output.alarm_names]
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix      = "-"
    alerts_file = "main.tf"
    topic_arns = {
      page   = "orders-test-page"
      ticket = "arn:aws:sqs:ap-southeast-2:123456789012:orders-test-ticket"
    }
    load_balancer = {
      arn_suffix              = "arn:aws:elasticloadbalancing:ap-southeast-2:123456789012:loadbalancer/app/orders-test/0123456789abcdef"
      target_group_arn_suffix = "targetgroup/orders-test/0123456789abcdef"
    }
    consumer = { cluster_name = "orders-test", service_name = "orders-test-order-consumer", group_id = "orders:01", hold_seconds = 0 }
    kafka    = { cluster_name = "orders-test-msk-cluster", topic = "orders", dead_letter_topic = "orders' OR Topic = 'returns" }
  }

  expect_failures = [var.prefix, var.alerts_file, var.topic_arns, var.load_balancer, var.consumer, var.kafka]
}

run "an_ARN_instead_of_a_name_is_rejected" {
  command = plan

  variables {
    load_balancer = { arn_suffix = "app/orders-test/0123456789abcdef", target_group_arn_suffix = "orders-test" }
    consumer      = { cluster_name = "arn:aws:ecs:ap-southeast-2:123456789012:cluster/orders-test", service_name = "orders-test-order-consumer", group_id = "orders-group-01", hold_seconds = 0 }
    kafka         = { cluster_name = "arn:aws:kafka:ap-southeast-2:123456789012:cluster/orders-test-msk-cluster/1", topic = "orders", dead_letter_topic = "orders.dlq" }
  }

  expect_failures = [var.load_balancer, var.consumer, var.kafka]
}
