output "cluster_name" {
  description = "Name of the cluster. Other stacks look it up by this name."
  value       = aws_msk_cluster.this.cluster_name
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_msk_cluster.this.arn
}

output "bootstrap_servers" {
  description = "Value for BOOTSTRAP_SERVERS: brokers with IAM, host:port, comma-separated."
  value       = aws_msk_cluster.this.bootstrap_brokers_sasl_iam
}

output "client_security_group_id" {
  description = "Security group of the brokers' clients."
  value       = aws_security_group.clients.id
}

output "replication_factor" {
  description = "Default replication factor of topics."
  value       = local.replication_factor
}
