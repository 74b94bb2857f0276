output "cluster_name" {
  description = "The name by which other stacks find the cluster."
  value       = aws_msk_cluster.this.cluster_name
}

output "cluster_arn" {
  description = "The cluster."
  value       = aws_msk_cluster.this.arn
}

output "bootstrap_servers" {
  description = "BOOTSTRAP_SERVERS: brokers with IAM, host:port by comma."
  value       = aws_msk_cluster.this.bootstrap_brokers_sasl_iam
}

output "client_security_group_id" {
  description = "Holders may talk to the brokers."
  value       = aws_security_group.clients.id
}

output "replication_factor" {
  description = "Of a topic that does not say otherwise."
  value       = local.replication_factor
}
