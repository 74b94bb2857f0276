output "alarm_names" {
  description = "Alert → the alarm that notifies."
  value = merge(
    { for alert in local.alone : alert => one([for alarm, condition in local.alarms : aws_cloudwatch_metric_alarm.this[alarm].alarm_name if condition.alert == alert]) },
    { for alert, alarm in aws_cloudwatch_composite_alarm.this : alert => alarm.alarm_name },
  )

  # A new alert needs a condition or a reason; it cannot be forgotten.
  precondition {
    condition     = setunion(keys(local.conditions), keys(local.not_expressed)) == toset(keys(local.rules)) && length(setintersection(keys(local.conditions), keys(local.not_expressed))) == 0
    error_message = "Every alert of alerts_file, and no other, must be in either conditions or not_expressed of rules.tf."
  }
}

output "not_expressed" {
  description = "Alert → the reason why there is no CloudWatch alarm for it."
  value       = local.not_expressed
}
