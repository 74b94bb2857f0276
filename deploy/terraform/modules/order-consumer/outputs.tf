output "service_name" {
  description = "The service."
  value       = module.service.service_name
}

output "group_id" {
  description = "GROUP_ID."
  value       = local.group_id
}

output "log_group" {
  description = "The service's log, and with the stdout sink the decoded orders."
  value       = module.task.log_group
}

output "container" {
  description = "The container definition as it is registered."
  value       = module.task.container
}

output "policy_json" {
  description = "What the code may call."
  value       = data.aws_iam_policy_document.task.json
}
