output "task_definition_arn" {
  description = "To run once by hand: `aws ecs run-task`."
  value       = module.task.task_definition_arn
}

output "security_group_id" {
  description = "For a task that is run by hand."
  value       = module.task.security_group_id
}

output "container" {
  description = "The container definition as it is registered."
  value       = module.task.container
}
