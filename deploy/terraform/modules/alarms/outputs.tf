output "alarm_names" {
  description = "Alert → the alarm that tells of it."
  value = merge(
    { for alert in local.alone : alert => one([for alarm, condition in local.alarms : aws_cloudwatch_metric_alarm.this[alarm].alarm_name if condition.alert == alert]) },
    { for alert, alarm in aws_cloudwatch_composite_alarm.this : alert => alarm.alarm_name },
  )

  # A new alert gets a condition or a reason: it is not left out unseen.
  precondition {
    condition     = setunion(keys(local.conditions), keys(local.not_expressed)) == toset(keys(local.rules)) && length(setintersection(keys(local.conditions), keys(local.not_expressed))) == 0
    error_message = "Each alert of alerts_file is either in conditions or in not_expressed of rules.tf, and nothing else is."
  }
}

output "not_expressed" {
  description = "Alert → why CloudWatch has no alarm for it."
  value       = local.not_expressed
}
