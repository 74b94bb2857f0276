output "service_name" {
  description = "Name of the ECS service."
  value       = module.service.service_name
}

output "group_id" {
  description = "Value of GROUP_ID."
  value       = local.group_id
}

output "hold_seconds" {
  description = "For how many seconds a record may wait in memory before its file is stored. The group's lag is never much smaller."
  value       = local.hold_seconds
}

output "log_group" {
  description = "Log group of the service. With the stdout sink it contains the decoded orders."
  value       = module.task.log_group
}

output "container" {
  description = "Container definition, as registered."
  value       = module.task.container
}

output "policy_json" {
  description = "Permissions of the code."
  value       = data.aws_iam_policy_document.task.json
}
