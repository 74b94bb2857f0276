# Receives the metrics of the tasks' collectors, and evaluates the same rules as the local stack.

resource "aws_prometheus_workspace" "this" {
  count = var.metrics ? 1 : 0

  # The app stack looks up the workspace by this alias.
  alias = "${var.prefix}-metrics"

  logging_configuration {
    # The service requires the log group's ARN with all its streams.
    log_group_arn = "${aws_cloudwatch_log_group.prometheus[0].arn}:*"
  }
}

resource "aws_cloudwatch_log_group" "prometheus" {
  #checkov:skip=CKV_AWS_158:Contains errors of rules and notifications only. CloudWatch Logs encrypts with its own key.
  #checkov:skip=CKV_AWS_338:The environment sets the retention.
  count = var.metrics ? 1 : 0

  # Amazon Managed Service for Prometheus writes only to log groups with this name prefix.
  name              = "/aws/vendedlogs/prometheus/${var.prefix}"
  retention_in_days = var.log_retention_days
}

resource "aws_prometheus_workspace_configuration" "this" {
  count = var.metrics ? 1 : 0

  workspace_id             = aws_prometheus_workspace.this[0].id
  retention_period_in_days = var.retention_days
}

resource "aws_prometheus_rule_group_namespace" "this" {
  for_each = var.metrics ? fileset(var.rules_directory, "*.yml") : []

  name         = trimsuffix(each.key, ".yml")
  workspace_id = aws_prometheus_workspace.this[0].id
  data         = file("${var.rules_directory}/${each.key}")
}

resource "aws_prometheus_alert_manager_definition" "this" {
  count = var.metrics ? 1 : 0

  workspace_id = aws_prometheus_workspace.this[0].id
  definition = yamlencode({
    alertmanager_config = yamlencode({
      route = {
        # Alerts with an unknown severity still reach a topic.
        receiver        = "ticket"
        group_by        = ["alertname"]
        repeat_interval = "12h"
        routes          = [for severity in sort(keys(aws_sns_topic.this)) : { receiver = severity, match = { severity = severity } }]
      }
      receivers = [for severity, topic in aws_sns_topic.this : {
        name = severity
        sns_configs = [{
          topic_arn  = topic.arn
          sigv4      = { region = local.region }
          subject    = "{{ .Status }}: {{ .CommonLabels.alertname }}"
          attributes = { severity = severity }
        }]
      }]
    })
  })

  depends_on = [aws_sns_topic_policy.this]
}
