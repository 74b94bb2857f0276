output "url" {
  description = "URL for POST /orders, reachable inside the VPC."
  value       = module.services.url
}

output "ecs_cluster" {
  description = "Name of the ECS cluster."
  value       = module.services.ecs_cluster
}

output "services" {
  description = "Names of the ECS services."
  value       = module.services.services
}

output "consumer_log_group" {
  description = "Log group that receives the decoded orders."
  value       = module.services.consumer_log_group
}

output "generator" {
  description = "Arguments for `aws ecs run-task`, to post orders for a minute."
  value       = module.services.generator
}
