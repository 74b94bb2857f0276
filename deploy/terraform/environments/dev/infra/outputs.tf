output "repository_urls" {
  description = "Image → where it is pushed to."
  value       = module.ecr.repository_urls
}

output "cluster_name" {
  description = "The MSK cluster."
  value       = module.msk.cluster_name
}

output "bootstrap_servers" {
  description = "Brokers with IAM."
  value       = module.msk.bootstrap_servers
}

output "registry_arn" {
  description = "The schema registry."
  value       = module.registry.registry_arn
}

output "access_host" {
  description = "Target of `aws ssm start-session`; null without access."
  value       = one(module.access[*].instance_id)
}

output "topic_arns" {
  description = "Severity → where its alarms are published; nobody is subscribed yet."
  value       = module.observability.topic_arns
}

output "prometheus_endpoint" {
  description = "The metrics' workspace, for Grafana's data source; null without metrics."
  value       = module.observability.prometheus_endpoint
}

output "release_role_arn" {
  description = "RELEASE_ROLE_ARN of the environment on GitHub; null without one."
  value       = one(module.github_oidc[*].role_arn)
}
