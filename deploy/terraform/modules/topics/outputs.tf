output "created_by" {
  description = "The task definition that has run to its end: known once the topics are there."
  value       = terraform_data.run.output
}

output "topic" {
  description = "The topic."
  value       = var.topic
}

output "dead_letter_topic" {
  description = "Its dead-letter topic."
  value       = local.dead_letter_topic
}

output "partitions" {
  description = "Partitions of each topic."
  value       = var.partitions
}

output "container" {
  description = "The container definition as it is registered."
  value       = module.task.container
}

output "policy_json" {
  description = "What the code may call."
  value       = data.aws_iam_policy_document.task.json
}
