locals {
  rules = { for rule in flatten([for group in yamldecode(file(var.alerts_file)).groups : group.rules]) : rule.alert => rule }

  notify   = { for alert, rule in local.rules : alert => var.topic_arns[rule.labels.severity] }
  describe = { for alert, rule in local.rules : alert => "${rule.annotations.description} ${rule.annotations.runbook_url}" }

  # An alert with one condition is one alarm. With several conditions, each is an alarm without actions, and a composite alarm
  # notifies when all of them are in alarm.
  alone = [for alert, conditions in local.conditions : alert if length(conditions) == 1]
  alarms = merge([
    for alert, conditions in local.conditions : {
      for window, condition in conditions : join("-", compact([alert, length(conditions) == 1 ? "" : window])) => {
        alert      = alert
        above      = lookup(condition, "above", null)
        threshold  = lookup(condition, "above", lookup(condition, "below", null))
        period     = condition.period
        periods    = condition.periods
        expression = condition.expression
        metrics    = condition.metrics
      }
    }
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = local.describe[each.value.alert]
  comparison_operator = each.value.above == null ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = each.value.periods
  # Missing data cannot exceed a threshold. For a count that must not fall, missing data means that nothing runs.
  treat_missing_data = each.value.above == null ? "breaching" : "notBreaching"
  alarm_actions      = contains(local.alone, each.value.alert) ? [local.notify[each.value.alert]] : []
  ok_actions         = contains(local.alone, each.value.alert) ? [local.notify[each.value.alert]] : []

  metric_query {
    id         = "condition"
    label      = each.value.alert
    expression = each.value.expression
    # A query without metrics needs a period of its own.
    period      = length(each.value.metrics) == 0 ? each.value.period : null
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        stat        = metric_query.value.stat
        period      = each.value.period
        dimensions  = metric_query.value.dimensions
      }
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "this" {
  for_each = { for alert, conditions in local.conditions : alert => conditions if length(conditions) > 1 }

  alarm_name        = "${var.prefix}-${each.key}"
  alarm_description = local.describe[each.key]
  alarm_rule        = join(" AND ", [for window in keys(each.value) : "ALARM(\"${aws_cloudwatch_metric_alarm.this["${each.key}-${window}"].alarm_name}\")"])
  alarm_actions     = [local.notify[each.key]]
  ok_actions        = [local.notify[each.key]]
}
