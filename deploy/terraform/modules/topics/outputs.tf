output "created_by" {
  description = "ARN of the task definition that has run. Known once the topics exist."
  value       = terraform_data.run.output
}

output "topic" {
  description = "Name of the topic."
  value       = var.topic
}

output "dead_letter_topic" {
  description = "Name of the dead-letter topic."
  value       = local.dead_letter_topic
}

output "partitions" {
  description = "Number of partitions of each topic."
  value       = var.partitions
}

output "container" {
  description = "Container definition, as registered."
  value       = module.task.container
}

output "policy_json" {
  description = "Permissions of the code."
  value       = data.aws_iam_policy_document.task.json
}
