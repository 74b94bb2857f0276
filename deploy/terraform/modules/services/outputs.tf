output "url" {
  description = "URL for POST /orders, reachable inside the VPC."
  value       = module.order_producer.url
}

output "ecs_cluster" {
  description = "Name of the ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "services" {
  description = "Names of the ECS services."
  value       = [module.order_producer.service_name, module.order_consumer.service_name]
}

output "consumer_log_group" {
  description = "Log group that receives the decoded orders."
  value       = module.order_consumer.log_group
}

output "generator" {
  description = "Arguments for `aws ecs run-task`, to post orders for a minute."
  value = {
    task_definition = module.order_generator.task_definition_arn
    network         = "awsvpcConfiguration={subnets=[${local.network.subnet_ids[0]}],securityGroups=[${module.order_generator.security_group_id}]}"
  }
}

output "alarm_names" {
  description = "Alert → the alarm that notifies."
  value       = module.alarms.alarm_names
}
