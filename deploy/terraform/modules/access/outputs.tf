output "instance_id" {
  description = "Target for `aws ssm start-session`."
  value       = aws_instance.host.id
}

output "security_group_id" {
  description = "Security group of the host. Allow it in the brokers' rules."
  value       = aws_security_group.host.id
}
