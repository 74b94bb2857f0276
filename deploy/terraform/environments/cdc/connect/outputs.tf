output "connector_arns" {
  description = "ARNs of the connectors."
  value       = { source = module.source.connector_arn, sink = module.sink.connector_arn }
}

output "log_groups" {
  description = "Log groups of the connectors' workers."
  value       = { source = module.source.log_group, sink = module.sink.log_group }
}

output "topic" {
  description = "Topic of the changes."
  value       = local.topic
}

output "bucket" {
  description = "Bucket of the files, under topics/<topic>/."
  value       = module.files.bucket
}

output "database_host" {
  description = "Address of the database, reachable from the connector and the set-up task only."
  value       = module.database.host
}
