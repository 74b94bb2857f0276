output "url" {
  description = "Where orders are posted, from inside the VPC."
  value       = module.order_producer.url
}

output "ecs_cluster" {
  description = "The ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "services" {
  description = "The services, by ECS name."
  value       = [module.order_producer.service_name, module.order_consumer.service_name]
}

output "consumer_log_group" {
  description = "Where decoded orders come out."
  value       = module.order_consumer.log_group
}
