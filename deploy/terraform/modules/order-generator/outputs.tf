output "task_definition_arn" {
  description = "Task definition for `aws ecs run-task`, to run once by hand."
  value       = module.task.task_definition_arn
}

output "security_group_id" {
  description = "Network for a task that is run by hand."
  value       = module.task.security_group_id
}

output "container" {
  description = "Container definition, as registered."
  value       = module.task.container
}
