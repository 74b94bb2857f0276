output "topic_arns" {
  description = "Severity → where its alarms and alerts are published."
  value       = { for severity, topic in aws_sns_topic.this : severity => topic.arn }
}

output "prometheus_endpoint" {
  description = "The workspace's URL, for Grafana's data source; null without metrics."
  value       = one(aws_prometheus_workspace.this[*].prometheus_endpoint)
}

output "grafana" {
  description = "The Grafana's id and host; null without it."
  value       = one([for workspace in aws_grafana_workspace.this : { id = workspace.id, host = workspace.endpoint }])
}
