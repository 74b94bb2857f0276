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

output "generator" {
  description = "What `aws ecs run-task` needs to post orders for a minute."
  value = {
    task_definition = module.order_generator.task_definition_arn
    network         = "awsvpcConfiguration={subnets=[${local.network.subnet_ids[0]}],securityGroups=[${module.order_generator.security_group_id}]}"
  }
}

output "alarm_names" {
  description = "Alert → the alarm that tells of it."
  value       = module.alarms.alarm_names
}
