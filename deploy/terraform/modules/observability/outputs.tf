output "topic_arns" {
  description = "Severity → SNS topic for its alarms and alerts."
  value       = { for severity, topic in aws_sns_topic.this : severity => topic.arn }
}

output "prometheus_endpoint" {
  description = "URL of the Prometheus workspace, for Grafana's data source; null without metrics."
  value       = one(aws_prometheus_workspace.this[*].prometheus_endpoint)
}

output "grafana" {
  description = "Id and host name of the Grafana workspace; null without grafana."
  value       = one([for workspace in aws_grafana_workspace.this : { id = workspace.id, host = workspace.endpoint }])
}
