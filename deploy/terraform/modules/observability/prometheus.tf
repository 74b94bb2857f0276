# The metrics that the tasks' collectors write, under the very rules of the local stack.

resource "aws_prometheus_workspace" "this" {
  count = var.metrics ? 1 : 0

  # By which the app stack finds it.
  alias = "${var.prefix}-metrics"

  logging_configuration {
    # The form in which the service wants a group: with all its streams.
    log_group_arn = "${aws_cloudwatch_log_group.prometheus[0].arn}:*"
  }
}

resource "aws_cloudwatch_log_group" "prometheus" {
  #checkov:skip=CKV_AWS_158:Faults of rules and notifications; CloudWatch Logs encrypts with its own key.
  #checkov:skip=CKV_AWS_338:How long is the environment's choice.
  count = var.metrics ? 1 : 0

  # Amazon Managed Service for Prometheus writes to no group without these words before it.
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
        # An alert of no known severity is not lost.
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
