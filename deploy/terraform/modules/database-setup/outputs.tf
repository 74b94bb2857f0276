output "security_group_id" {
  description = "Security group of the task. Allow it in the database's rules."
  value       = module.task.security_group_id
}

output "created_by" {
  description = "ARN of the task definition that has run. Known once tables, publication and user exist."
  value       = terraform_data.run.output
}

output "container" {
  description = "Container definition, as registered."
  value       = module.task.container
}
