output "connector_arn" {
  description = "ARN of the connector."
  value       = aws_mskconnect_connector.this.arn
}

output "security_group_id" {
  description = "Security group of the workers. Allow it in the rules of what the connector reads or writes."
  value       = aws_security_group.workers.id
}

output "config" {
  description = "Properties of the connector, as MSK Connect gets them."
  value       = local.config
}

output "worker_properties" {
  description = "The worker configuration."
  value       = local.worker_properties_file
}

output "policy_json" {
  description = "Permissions of the workers."
  value       = data.aws_iam_policy_document.workers.json
}

output "log_group" {
  description = "Log group of the workers."
  value       = aws_cloudwatch_log_group.workers.name
}
