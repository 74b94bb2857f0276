output "url" {
  description = "Where orders are posted, from inside the VPC."
  value       = module.services.url
}

output "ecs_cluster" {
  description = "The ECS cluster."
  value       = module.services.ecs_cluster
}

output "services" {
  description = "The services, by ECS name."
  value       = module.services.services
}

output "consumer_log_group" {
  description = "Where decoded orders come out."
  value       = module.services.consumer_log_group
}

output "generator" {
  description = "What `aws ecs run-task` needs to post orders for a minute."
  value       = module.services.generator
}
