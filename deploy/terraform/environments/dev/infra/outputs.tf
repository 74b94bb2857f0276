output "repository_urls" {
  description = "Image → repository URL to push to."
  value       = module.ecr.repository_urls
}

output "cluster_name" {
  description = "Name of the MSK cluster."
  value       = module.msk.cluster_name
}

output "bootstrap_servers" {
  description = "Bootstrap brokers with IAM authentication."
  value       = module.msk.bootstrap_servers
}

output "registry_arn" {
  description = "ARN of the Glue schema registry."
  value       = module.registry.registry_arn
}

output "access_host" {
  description = "Target for `aws ssm start-session`; null without access."
  value       = one(module.access[*].instance_id)
}

output "topic_arns" {
  description = "Severity → SNS topic for its alarms. The topics have no subscribers yet."
  value       = module.observability.topic_arns
}

output "prometheus_endpoint" {
  description = "URL of the Prometheus workspace, for Grafana's data source; null without metrics."
  value       = module.observability.prometheus_endpoint
}

output "release_role_arn" {
  description = "Value for RELEASE_ROLE_ARN of the environment on GitHub; null without github."
  value       = one(module.github_oidc[*].role_arn)
}
