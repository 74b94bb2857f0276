output "host" {
  description = "Address of the instance that writes. Known once there is one and its clients may connect."
  value       = aws_rds_cluster.this.endpoint

  depends_on = [aws_rds_cluster_instance.this, aws_vpc_security_group_ingress_rule.clients]
}

output "port" {
  description = "Port of PostgreSQL."
  value       = local.port
}

output "security_group_id" {
  description = "Security group of the database."
  value       = aws_security_group.this.id
}

output "master_username" {
  description = "Name of the user that owns everything."
  value       = var.master_username
}

output "master_secret_arn" {
  description = "ARN of the secret with that user's name and password, which RDS manages."
  value       = one(aws_rds_cluster.this.master_user_secret[*].secret_arn)
}
