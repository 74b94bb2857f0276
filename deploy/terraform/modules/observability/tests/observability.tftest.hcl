provider "aws" {
  region = "ap-southeast-2"
}

variables {
  prefix          = "orders-test"
  rules_directory = "../../../../docker/prometheus/rules"
}

run "D-10_the_workspace_has_the_unchanged_rule_files" {
  command = apply

  assert {
    condition     = { for name, namespace in aws_prometheus_rule_group_namespace.this : name => namespace.data } == { for name in fileset(var.rules_directory, "*.yml") : name => file("${var.rules_directory}/${name}") }
    error_message = "expected every rule file, byte for byte"
  }

  assert {
    condition     = aws_prometheus_workspace.this[0].alias == "orders-test-metrics"
    error_message = "expected the alias that the app stack looks up"
  }
}

run "alerts_of_each_severity_go_to_its_topic" {
  command = apply

  assert {
    condition = {
      for receiver in yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this[0].definition).alertmanager_config).receivers :
      receiver.name => receiver.sns_configs[0].topic_arn
    } == output.topic_arns
    error_message = "expected a receiver for each severity"
  }

  assert {
    condition = [
      for route in yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this[0].definition).alertmanager_config).route.routes :
      "${route.match.severity} ${route.receiver}"
    ] == ["page page", "ticket ticket"]
    error_message = "expected routes by the label severity"
  }
}

run "S0-21_only_this_account_and_this_workspace_can_publish" {
  command = apply

  assert {
    condition = alltrue(flatten([
      for document in data.aws_iam_policy_document.publish : [
        for statement in jsondecode(document.json).Statement : statement.Condition.StringEquals["aws:SourceAccount"] == "123456789012"
      ]
    ]))
    error_message = "expected publishing limited to this account"
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.publish :
      one([for s in jsondecode(document.json).Statement : s.Condition.ArnEquals["aws:SourceArn"] if s.Sid == "AlertManager"]) == aws_prometheus_workspace.this[0].arn
    ])
    error_message = "expected publishing limited to this workspace"
  }
}

run "without_metrics_only_the_topics_are_created" {
  command = plan

  variables {
    metrics = false
  }

  assert {
    condition     = length(aws_prometheus_workspace.this) == 0 && length(aws_prometheus_rule_group_namespace.this) == 0 && length(aws_sns_topic.this) == 2
    error_message = "expected no workspace and no rules"
  }
}

run "S0-21_Grafana_may_query_this_workspace_and_write_nothing" {
  command = apply

  variables {
    grafana = true
  }

  assert {
    condition     = [for s in jsondecode(data.aws_iam_policy_document.query[0].json).Statement : s.Resource] == [aws_prometheus_workspace.this[0].arn]
    error_message = "expected access to this workspace only"
  }

  assert {
    condition     = !strcontains(data.aws_iam_policy_document.query[0].json, "Write") && aws_grafana_workspace.this[0].permission_type == "CUSTOMER_MANAGED"
    error_message = "expected read-only actions"
  }
}

run "invalid_variables_are_rejected_by_name" {
  command = plan

  variables {
    prefix             = "-"
    rules_directory    = "."
    retention_days     = 0
    log_retention_days = 8
    metrics            = false
    grafana            = true
  }

  expect_failures = [var.prefix, var.rules_directory, var.retention_days, var.log_retention_days, var.grafana]
}
